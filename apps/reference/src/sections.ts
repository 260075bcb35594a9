import { agentRejectionCodes } from '@countersign/agents';
import { approvalRejectionCodes, permitCodes } from '@countersign/approvals';
import { budgetCodes, costCodes } from '@countersign/budgets';
import { channelRejectionCodes } from '@countersign/channels';
import { correctionRejectionCodes, decisionCodes } from '@countersign/decisions';
import { agentProblems, bodyCodes } from '@countersign/decisions-server';
import { fieldCodes, httpProblems, type ProblemCodes } from '@countersign/http';
import { memberRejectionCodes, organizationRejectionCodes } from '@countersign/identity';
import { registrationCodes } from '@countersign/identity/people';
import { graphProblems } from '@countersign/graphql-server';
import { identityProblems } from '@countersign/identity-server';
import { jsonCodes } from '@countersign/json';
import { amountCodes } from '@countersign/kernel';
import { erasureCodes } from '@countersign/ledger';
import { verificationCodes } from '@countersign/ledger/export';
import { operatorProblems } from '@countersign/operator-server';
import { policyCodes, policyRejectionCodes } from '@countersign/policy';
import { approvalCodes, clientCodes } from '@countersign/sdk';
import { stopRejectionCodes } from '@countersign/stops';
import { configurationWarnings, problemOfCorrection, problemOfRejection } from '@countersign/surface';
import { processCodes } from './process-codes.ts';
import {
  approvalRemedies,
  clientRemedies,
  commandRemedies,
  permitRemedies,
  reasonRemedies,
  registrationRemedies,
} from './remedies.ts';

/** One code as the page shows it. Status and remedy are absent where the section says them for all of its codes. */
export interface Entry {
  readonly code: string;
  readonly status?: number;
  readonly meaning: string;
  readonly remedy?: string;
}

export interface Section {
  readonly title: string;
  readonly intro: string;
  readonly entries: readonly Entry[];
}

type Meanings = Readonly<Record<string, string>>;

const problems = (codes: ProblemCodes): readonly Entry[] =>
  Object.entries(codes).map(([code, { status, meaning, remedy }]) => ({ code, status, meaning, remedy }));

const meanings = (codes: Meanings): readonly Entry[] =>
  Object.entries(codes).map(([code, meaning]) => ({ code, meaning }));

const remedied = <Code extends string>(
  codes: Readonly<Record<Code, string>>,
  remedies: Readonly<Record<string, string>>,
) => meanings(codes).map((entry) => ({ ...entry, remedy: remedies[entry.code] ?? '' }));

/** The statuses are asked of the surface itself, so that they cannot differ from what it answers. */
const commanded = (codes: Meanings, statusOf: (code: string) => number): readonly Entry[] =>
  remedied(codes, commandRemedies).map((entry) => ({ ...entry, status: statusOf(entry.code) }));

/** Refused where somebody is made whose address is known to be theirs: by an invitation, or by an operator. */
const registered = (codes: Meanings): readonly Entry[] =>
  remedied(codes, registrationRemedies).map((entry) => ({ ...entry, status: 422 }));

const rejectionStatus = (code: string) => problemOfRejection({ code, problems: [] } as never).status;
const correctionStatus = (code: string) => problemOfCorrection({ code } as never).status;

const isReason = (code: string) => code in reasonRemedies;
const policyReasons = Object.fromEntries(Object.entries(policyCodes).filter(([code]) => isReason(code)));
const policyTexts = Object.fromEntries(Object.entries(policyCodes).filter(([code]) => !isReason(code)));

const {
  'identity.invitation_not_sent': notSent,
  'channels.private_endpoint': privateEndpoint,
  ...policyWarnings
} = configurationWarnings;

/** What an agent meets as a problem is listed there, with its status. */
const isNoProblem = ({ code }: Entry) => !(code in agentProblems);

export const sections: readonly Section[] = [
  {
    title: 'Any request',
    intro: 'Problems (`application/problem+json`, RFC 9457) that do not depend on what was asked.',
    entries: problems(httpProblems),
  },
  {
    title: 'Requests of agents',
    intro: 'Problems of the surface described at `/openapi.json`. An error is never a permission.',
    entries: problems(agentProblems),
  },
  {
    title: 'Fields of a request',
    intro:
      'In `errors` of a 400 `request.invalid`, each with the `field` it is about. What to do: correct that field as its `message` says, and send the request again.',
    entries: meanings({ ...fieldCodes, ...bodyCodes, ...jsonCodes, ...amountCodes, ...costCodes }),
  },
  {
    title: 'Reasons of a decision',
    intro: 'In `reasons` of a decision, which is a 200 whatever its verdict.',
    entries: [
      ...remedied(policyReasons, reasonRemedies),
      ...remedied({ ...budgetCodes, ...decisionCodes }, reasonRemedies),
      ...remedied(permitCodes, permitRemedies).filter(isNoProblem),
    ],
  },
  {
    title: 'People who decide',
    intro: 'Refusals of what people do with approvals and grants, and of what an agent answers them.',
    entries: remedied(approvalRejectionCodes, approvalRemedies).filter(isNoProblem),
  },
  {
    title: 'People signing in',
    intro: 'Problems of `/api/auth`, `/api/me`, `/api/sessions` and `/api/tokens`.',
    entries: [...problems(identityProblems), ...registered(registrationCodes)],
  },
  {
    title: 'GraphQL',
    intro:
      'In `extensions.code` of an error, beside the codes of every other surface. The status is that of an answer in which nothing was executed; otherwise it is 200.',
    entries: problems(graphProblems),
  },
  {
    title: 'Operators and their commands',
    intro: "Problems of the operator's surface, which the CLI prints.",
    entries: [
      ...problems(operatorProblems),
      ...commanded(organizationRejectionCodes, rejectionStatus),
      ...commanded(memberRejectionCodes, rejectionStatus),
      { code: 'identity.invitation_not_sent', meaning: notSent, remedy: 'See why in the log of the api.' },
      ...commanded(stopRejectionCodes, rejectionStatus),
      ...commanded(channelRejectionCodes, rejectionStatus),
      {
        code: 'channels.private_endpoint',
        meaning: privateEndpoint,
        remedy: 'Set it where the worker starts, or give a URL on the internet.',
      },
      ...commanded(agentRejectionCodes, rejectionStatus),
      ...commanded(policyRejectionCodes, rejectionStatus),
      ...commanded(correctionRejectionCodes, correctionStatus),
      ...commanded(erasureCodes, () => 422),
    ],
  },
  {
    title: 'The text of a policy',
    intro:
      'In `errors` of a 422 `policies.invalid`, or as warnings, each with its line and column; `countersign policy validate` says the same without a server. What to do: correct that line as the message says.',
    entries: meanings({ ...policyTexts, ...policyWarnings }),
  },
  {
    title: 'The TypeScript client',
    intro:
      '`code` of an error that the client throws by itself; every other code is one of the server. `http.<status>` stands for an answer that has no code of ours, such as one of a proxy.',
    entries: remedied({ ...clientCodes, ...approvalCodes }, clientRemedies),
  },
  {
    title: 'Verifying an export or a receipt',
    intro:
      'What `countersign verify` finds. What to do: keep the file, get another export and the checkpoints that were kept elsewhere, and compare: a ledger that does not verify was changed, cut or damaged on its way.',
    entries: meanings(verificationCodes),
  },
  {
    title: 'Processes and commands',
    intro: 'Errors that end a process or a command; read in a terminal or a log.',
    entries: Object.entries(processCodes).map(([code, entry]) => ({ code, ...entry })),
  },
];
