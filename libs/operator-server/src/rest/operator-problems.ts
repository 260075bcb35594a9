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
  'ledger.checkpoint_unusable': {
    status: 422,
    title: 'Refused',
    meaning: 'What was given as checkpoints cannot be read as such, or is of another organization.',
    remedy: "Give checkpoints as they were printed or kept, of this organization's ledger and nothing else.",
  },
  'ledger.nothing_lost': {
    status: 409,
    title: 'Refused',
    meaning: 'The ledger keeps the checkpoint, or records already that it goes on as another log.',
    remedy: 'Nothing has to be done; a larger checkpoint may show a loss.',
  },
  'ledger.key_unavailable': {
    status: 409,
    title: 'Refused',
    meaning: 'The private half of the key that signs this ledger is not held by the api, which has to vouch with it.',
    remedy: 'Put the key back where `SIGNING_KEY_FILE` or the data directory says, restart the api, and repeat.',
  },
  'ledger.not_signed_yet': {
    status: 503,
    title: 'Try again',
    meaning: 'No checkpoint covers the decision yet.',
    remedy: 'Try again after `Retry-After`.',
  },
} as const satisfies ProblemCodes;
