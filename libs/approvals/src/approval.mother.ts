import {
  AgentId,
  ApprovalId,
  DecisionId,
  GrantId,
  instant,
  MemberId,
  QuestionId,
  system,
  TeamId,
  type Instant,
} from '@countersign/kernel';
import type { Caller, OrganizationRole } from '@countersign/identity';
import type { EvaluationInput } from '@countersign/policy';
import { ApprovalCommand } from './approval.commands.ts';
import { openApproval, takePermit, type Ask } from './asks.ts';
import { evolveApprovals } from './evolve.ts';
import { emptyApprovals, type Approval, type ApprovalsState } from './approval.state.ts';
import type { People } from './electorate.ts';
import type { ApprovalFacts } from './facts.ts';
import type { BudgetAsk, Requirement } from './requirement.ts';

const numbered = (prefix: string, n: number) => `${prefix}_${String(n).padStart(32, '0')}`;
const member = (n: number) => MemberId.parse(numbered('mem', n));

export const refund = ApprovalId.parse(numbered('apr', 1));
export const transfer = ApprovalId.parse(numbered('apr', 2));
export const asked = DecisionId.parse(numbered('dec', 1));
export const askedAgain = DecisionId.parse(numbered('dec', 2));
export const clerk = AgentId.parse(numbered('agt', 1));
export const scribe = AgentId.parse(numbered('agt', 2));
export const grantId = GrantId.parse(numbered('grt', 1));
export const otherGrant = GrantId.parse(numbered('grt', 2));
export const questionId = QuestionId.parse(numbered('qst', 1));

/** Decide for the treasury; Ada and Grace are members, Edsger is a developer. */
export const ada = member(11);
export const grace = member(12);
export const edsger = member(13);
/** Decides for legal. */
export const barbara = member(21);
/** In no team: owner, admin. */
export const olive = member(31);
export const alan = member(32);
/** Hold a team role in the treasury that their organization role makes void. */
export const audrey = member(41);
export const victor = member(42);

export const at = (clock: string): Instant => instant(Date.parse(`2026-03-02T${clock}:00.000Z`));

const roles: readonly (readonly [MemberId, OrganizationRole])[] = [
  [ada, 'member'],
  [grace, 'member'],
  [edsger, 'developer'],
  [barbara, 'member'],
  [olive, 'owner'],
  [alan, 'admin'],
  [audrey, 'auditor'],
  [victor, 'viewer'],
];

const teams: Readonly<Record<string, readonly MemberId[]>> = {
  treasury: [ada, grace, edsger, audrey, victor],
  legal: [barbara],
};

/** The organization, with these team roles in place of its own, and without those who left. */
export function people(
  changed: Readonly<Record<string, readonly MemberId[]>> = {},
  gone: readonly MemberId[] = [],
): People {
  const present = new Map(roles.filter(([who]) => !gone.includes(who)));
  const deciders: Readonly<Record<string, readonly MemberId[]>> = { ...teams, ...changed };
  return {
    roleOf: (who) => present.get(who) ?? null,
    decidersOf: (team) => (deciders[team] ?? []).filter((who) => present.has(who)),
    owners: [...present].filter(([, role]) => role === 'owner').map(([who]) => who),
  };
}

const signedIn = { kind: 'member', method: 'session', credential: 'ses_1' } as const;
export const asMember = (who: MemberId): Caller => ({ actor: { ...signedIn, id: who }, tokenRights: null });
const keyed = { kind: 'agent', method: 'agent-key', credential: 'key_1' } as const;
export const asAgent = (who: AgentId): Caller => ({ actor: { ...keyed, id: who }, tokenRights: null });
export const asSystem: Caller = { actor: system, tokenRights: null };

/** Facts of a quiet day: nobody is involved, nothing is stopped, every budget has room. */
export const factsFor = (by: Caller, changes: Partial<ApprovalFacts> = {}): ApprovalFacts => ({
  by,
  people: people(),
  involved: new Set(),
  isRelaxed: false,
  stops: [],
  excessOf: () => ({ amount: 0n, windowStart: at('00:00'), windowEnd: null }),
  redecided: null,
  grantable: null,
  ...changes,
});

export const treasuryAsked: Requirement = {
  team: 'treasury',
  quorum: 1,
  expiresAt: at('11:00'),
  permitForMs: 1_800_000,
  requireReason: null,
  escalate: null,
  neverAutoApprove: false,
};
export const legalAsked: Requirement = { ...treasuryAsked, team: 'legal', permitForMs: 3_600_000 };
export const byTwo: Requirement = { ...treasuryAsked, quorum: 2 };

export const teamMonth: BudgetAsk = {
  policy: 'finance',
  budget: 'team-month',
  scope: 'team',
  instance: 'team_1',
  unit: 'usd',
  window: 'month',
  team: 'treasury',
  raiseMax: '100',
};

export const digest = { salt: 'salt-1', value: 'refund of 120' };
/** What `digest` is of, for whoever knows its salt. */
export const digestOf = (action: string) => (salt: string) =>
  salt === digest.salt ? action : `${action} with ${salt}`;

/** Asked at 09:00, to be decided by 11:00, of the treasury. */
export const refundAsked: Ask = {
  approvalId: refund,
  decisionId: asked,
  agentId: clerk,
  teamId: TeamId.parse(numbered('team', 1)),
  intent: 'refund.issue',
  target: 'order-1009',
  onBehalfOf: null,
  digest,
  requirements: [treasuryAsked],
  budgets: [],
  openedAt: at('09:00'),
  expiresAt: at('11:00'),
};

export function opened(changes: Partial<Ask> = {}): ApprovalsState {
  const state = emptyApprovals();
  openApproval(state, { ...refundAsked, ...changes });
  return state;
}

export function rowOf(state: ApprovalsState, approvalId = refund): Approval {
  const approval = state.approvals.get(approvalId);
  if (!approval) throw new Error('the approval was never opened');
  return approval;
}

/** Approved by Ada at 10:00, to be taken before 10:30. */
export function withPermit(changes: Partial<Ask> = {}): ApprovalsState {
  const state = opened(changes);
  const data = { approvalId: refund, by: ada, digest: digest.value, permitExpiresAt: at('10:30') };
  const counted = [{ teams: ['treasury'], members: [ada] }];
  evolveApprovals(state, { type: 'ApprovalApproved', data: { ...data, counted } });
  return state;
}

export function takenAs(takeId: string): ApprovalsState {
  const state = withPermit();
  takePermit(state, refund, takeId);
  return state;
}

const about = { approvalId: refund };
export const approve = (changes: object = {}) =>
  ApprovalCommand.parse({ type: 'DecideApproval', ...about, verdict: 'approve', digest: digest.value, ...changes });
export const deny = (changes: object = {}) => approve({ verdict: 'deny', ...changes });
export const command = (wish: object) => ApprovalCommand.parse({ ...about, ...wish });

/** The refund of 120 as policies see it. */
export const refundInput: EvaluationInput = {
  intent: 'refund.issue',
  target: 'order-1009',
  args: { amount: 120, currency: 'EUR' },
  agent: {
    id: clerk,
    name: 'clerk',
    team: 'treasury',
    environment: 'production',
    riskClass: 'limited',
    labels: {},
  },
  team: 'treasury',
  user: null,
  run: null,
  cost: { usdNanos: null, tokens: null },
  context: {},
  tags: [],
  now: at('09:00'),
};
