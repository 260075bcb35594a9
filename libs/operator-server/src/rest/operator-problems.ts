import type { ProblemCodes } from '@countersign/http';

/** Every problem the operator's surface makes by itself; what domains refuse is in `rejection.ts`. */
export const operatorProblems = {
  'operator.unauthenticated': {
    status: 401,
    title: 'Not signed in',
    meaning: 'The request has no operator token, or one that does not exist (any more).',
    remedy: 'Send a valid operator token: `Authorization: Bearer cso_…`.',
  },
  'operator.agent_refused': {
    status: 403,
    title: 'Not for agents',
    meaning: 'An agent key was used where only people act; the attempt was recorded.',
    remedy: 'Use an operator token.',
  },
  'operator.organization_not_found': {
    status: 404,
    title: 'Not found',
    meaning: 'There is no organization of that id or name.',
    remedy: 'Look it up with `countersign organization list`.',
  },
  'operator.organization_ambiguous': {
    status: 409,
    title: 'Ambiguous',
    meaning: 'Two organizations have that name.',
    remedy: 'Give the id instead of the name.',
  },
  'decisions.not_found': {
    status: 404,
    title: 'Not found',
    meaning: 'There is no such decision in the organization.',
    remedy: 'Look it up with `countersign decisions`.',
  },
  'policies.version_not_found': {
    status: 404,
    title: 'Not found',
    meaning: 'The policy has no such version.',
    remedy: 'Look it up with `countersign policy history`.',
  },
  'ledger.nothing_signed': {
    status: 404,
    title: 'Not found',
    meaning: 'No checkpoint was signed yet.',
    remedy: 'Try again in a second; if it stays, look why the signer does not sign.',
  },
  'ledger.not_signed_yet': {
    status: 503,
    title: 'Try again',
    meaning: 'No checkpoint covers the decision yet.',
    remedy: 'Try again after `Retry-After`.',
  },
} as const satisfies ProblemCodes;

/** What an accepted command may be doubtful about, beside what the policy's text says. */
export const operatorWarnings = {
  'policy.unknown_team': 'A policy names a team that does not exist, so nobody could answer what it asks.',
} as const;
