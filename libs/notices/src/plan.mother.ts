import type { Approval } from '@countersign/approvals';
import {
  emptyEnforcement,
  evolve,
  type AnyEvent,
  type BudgetFigure,
  type EnforcementState,
} from '@countersign/decisions';
import type { OrganizationRole, TeamRole } from '@countersign/identity';
import { AgentId, ApprovalId, DecisionId, MemberId, TeamId, type Instant } from '@countersign/kernel';
import type { NoticeFacts } from './facts.ts';
import type { ToldEvent } from './notice.ts';

const numbered = (prefix: string, n: number) => `${prefix}_${String(n).padStart(32, '0')}`;

export const organizationId = '00000000-0000-4000-8000-000000000001';
export const treasury = TeamId.parse(numbered('team', 1));
export const legal = TeamId.parse(numbered('team', 2));
export const clerk = AgentId.parse(numbered('agt', 1));
export const approvalId = ApprovalId.parse(numbered('apr', 1));
export const decisionId = DecisionId.parse(numbered('dec', 1));
export const at = (clock: string) => Date.parse(`2026-03-02T${clock}:00.000Z`) as Instant;

/** People, called by what they are; leads and approvers are so in the treasury. */
const all = ['owner', 'lead', 'approver', 'legalLead', 'agentOwner', 'viewer', 'gone'] as const;
export type Person = (typeof all)[number];
export const member = (person: Person) => MemberId.parse(numbered('mem', all.indexOf(person) + 1));
export const personOf = (id: string): Person | undefined => all.find((person) => member(person) === id);

const joins = (person: Person, role: OrganizationRole, teams: Readonly<Record<string, TeamRole>> = {}): AnyEvent => ({
  type: 'MemberJoined',
  data: {
    memberId: member(person),
    userId: person,
    invitationId: numbered('inv', all.indexOf(person)) as never,
    role,
    teams: Object.entries(teams).map(([teamId, teamRole]) => ({ teamId: teamId as TeamId, role: teamRole })),
    at: at('08:00'),
  },
});

const founding: readonly AnyEvent[] = [
  {
    type: 'OrganizationCreated',
    data: { organizationId: organizationId as never, name: 'lovelace' as never, timeZone: 'UTC' },
  },
  { type: 'TeamCreated', data: { teamId: treasury, name: 'treasury' as never } },
  { type: 'TeamCreated', data: { teamId: legal, name: 'legal' as never } },
  joins('owner', 'owner'),
  joins('lead', 'member', { [treasury]: 'lead' }),
  joins('approver', 'member', { [treasury]: 'approver' }),
  joins('legalLead', 'member', { [legal]: 'lead' }),
  joins('agentOwner', 'developer', { [treasury]: 'approver' }),
  joins('viewer', 'viewer', { [treasury]: 'none' }),
  joins('gone', 'member', { [treasury]: 'lead' }),
  { type: 'MemberLeft', data: { memberId: member('gone') } },
  {
    type: 'AgentRegistered',
    data: {
      agentId: clerk,
      name: 'clerk' as never,
      teamId: treasury,
      profile: { owner: member('agentOwner'), environment: 'test', riskClass: 'low', labels: {} },
    },
  },
];

export function lovelace(...more: readonly AnyEvent[]): EnforcementState {
  const state = emptyEnforcement();
  for (const event of [...founding, ...more]) evolve(state, { event, at: at('08:00'), streamVersion: 1 });
  return state;
}

export const told = (event: AnyEvent, changes: Partial<ToldEvent> = {}): ToldEvent => ({
  event,
  position: 7,
  at: at('10:00'),
  actor: { kind: 'system', id: 'countersign' },
  ...changes,
});

/** A refund that two people of the treasury are asked about. */
export const refund: Approval = {
  approvalId,
  decisions: [decisionId],
  agentId: clerk,
  teamId: treasury,
  intent: 'refund.issue',
  target: 'order-1009',
  onBehalfOf: null,
  asked: { salt: 'c2FsdA==', value: 'a'.repeat(64) },
  digest: { salt: 'c2FsdA==', value: 'a'.repeat(64) },
  requirements: [
    {
      team: 'treasury',
      teams: ['treasury'],
      quorum: 1,
      permitForMs: 3_600_000,
      requireReason: null,
      escalate: null,
      neverAutoApprove: false,
    },
  ],
  budgets: [],
  openedAt: at('10:00'),
  expiresAt: at('12:00'),
  status: 'pending',
  settledBy: null,
  votes: [],
  permit: null,
  claimedBy: null,
  questions: [],
  reminded: 0,
};

export const figure = (changes: Partial<BudgetFigure> = {}): BudgetFigure => ({
  policy: 'guard',
  budget: 'day',
  scope: 'agent',
  instance: clerk,
  unit: 'usd',
  window: 'day',
  windowStart: at('00:00'),
  windowEnd: (at('00:00') + 86_400_000) as Instant,
  cap: '10',
  spent: '0',
  held: '0',
  asked: '1',
  ...changes,
});

/** Only what notices look at. */
export const decided = (verdict: 'allow' | 'ask' | 'block', changes: object = {}): AnyEvent =>
  ({
    type: 'ActionDecided',
    data: { decisionId, agent: { id: clerk, team: treasury }, verdict, budgets: [], approval: null, ...changes },
  }) as unknown as AnyEvent;

export const factsOf = (changes: Partial<NoticeFacts> = {}): NoticeFacts => ({
  state: lovelace(),
  approvals: new Map([[approvalId, refund]]),
  warnAt: () => [0.5, 0.8],
  held: new Map(),
  unreported: new Map(),
  ...changes,
});
