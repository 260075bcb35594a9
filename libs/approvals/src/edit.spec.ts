import { specFor } from '@countersign/testing/decider';
import { describe, it } from 'vitest';
import type { ApprovalCommand } from './approval.commands.ts';
import { decideApproval } from './approval.decider.ts';
import type { ApprovalEvent, ApprovalEventOf } from './approval.events.ts';
import type { ApprovalRejection } from './approval.rejections.ts';
import type { ApprovalsState } from './approval.state.ts';
import type { Ask } from './asks.ts';
import { evolveApprovals } from './evolve.ts';
import type { ApprovalFacts, Redecision } from './facts.ts';
import {
  ada,
  approve,
  asMember,
  at,
  barbara,
  byTwo,
  command,
  digest,
  factsFor,
  grace,
  legalAsked,
  opened,
  refund,
  treasuryAsked,
} from './approval.mother.ts';

const smaller = { salt: 'salt-2', value: 'refund of 90' };

/** At 10:00 the edited action asks anew: two hours for people, an escalation after half an hour. */
const askedAnew = {
  args: { amount: 90 },
  digest: smaller,
  verdict: 'ask',
  epoch: 7,
  reasons: [{ code: 'policy.rule', message: 'refunds need a person' }],
  requirements: [{ ...treasuryAsked, expiresAt: at('12:00') }],
  budgets: [],
  expiresAt: at('12:00'),
} satisfies Redecision;

const edit = (changes: object = {}) =>
  command({ type: 'EditApproval', digest: digest.value, args: { amount: 90 }, ...changes });

const editing = (ask: Partial<Ask>, redecided: Redecision | null, changes: Partial<ApprovalFacts> = {}) =>
  specFor<ApprovalsState, ApprovalCommand, ApprovalEvent, ApprovalRejection>({
    initialState: () => opened(ask),
    evolve: evolveApprovals,
    decide: (wish, state, now) => decideApproval(wish, state, factsFor(asMember(ada), { redecided, ...changes }), now),
    at: at('10:00'),
  }).given;

type Edited = ApprovalEventOf<'ApprovalEdited'>;
const edited = (changes: Partial<Edited> = {}): ApprovalEvent => ({
  type: 'ApprovalEdited',
  data: { approvalId: refund, by: ada, ...askedAnew, expiresAt: at('11:00'), ...changes },
});
const voteOf = (who: typeof ada, value: string, reason: string | null = null): ApprovalEvent => ({
  type: 'ApprovalVoted',
  data: { approvalId: refund, by: who, verdict: 'approve', digest: value, reason, grant: null },
});
const approvedBy = (who: typeof ada): ApprovalEvent => ({
  type: 'ApprovalApproved',
  data: {
    ...{ approvalId: refund, by: who, digest: smaller.value },
    counted: [{ teams: ['treasury'], members: [who] }],
    permitExpiresAt: at('10:30'),
  },
});

describe('approving with other arguments', () => {
  it('approves the edited action, and that one only', () => {
    editing({}, askedAnew)().when(edit()).then(edited(), voteOf(ada, smaller.value), approvedBy(ada));
  });

  it('clears the votes on the action before', () => {
    const requirements = [{ ...byTwo, expiresAt: at('12:00') }];
    editing(
      { requirements: [byTwo] },
      { ...askedAnew, requirements },
    )(voteOf(grace, digest.value))
      .when(edit())
      .then(edited({ requirements }), voteOf(ada, smaller.value));
  });

  it('refuses those who still judge the action before', () => {
    editing({ requirements: [byTwo] }, null)(edited({ requirements: [byTwo] }), voteOf(grace, smaller.value))
      .when(approve())
      .thenRejected({ code: 'approvals.changed', digest: smaller.value });
    editing({}, askedAnew)(edited()).when(edit()).thenRejected({ code: 'approvals.changed', digest: smaller.value });
  });

  it('asks whom the policies ask about the edited action, be it others than the editor', () => {
    const requirements = [{ ...legalAsked, expiresAt: at('12:00') }];
    editing({}, { ...askedAnew, requirements })()
      .when(edit())
      .then(edited({ requirements }));
    editing(
      {},
      null,
    )(edited({ requirements }))
      .when(approve({ digest: smaller.value }))
      .thenRejected({ code: 'approvals.not_a_decider' });
  });

  it('is refused where the policies block the edited action', () => {
    const reasons = [{ code: 'policy.rule', message: 'never below 100' }];
    editing({}, { verdict: 'block', reasons })().when(edit()).thenRejected({ code: 'approvals.edit_blocked', reasons });
  });

  it('needs nobody but the editor where the policies allow the edited action by themselves', () => {
    const requirements = [{ ...treasuryAsked, quorum: 1, expiresAt: at('12:00') }];
    editing({ requirements: [legalAsked, byTwo] }, { ...askedAnew, verdict: 'allow', requirements: [] })()
      .when(edit())
      .then(edited({ verdict: 'allow', requirements }), voteOf(ada, smaller.value), approvedBy(ada));
  });

  it('wants the reason that the policies want', () => {
    const requirements = [{ ...treasuryAsked, requireReason: 'approver', expiresAt: at('12:00') }];
    const given = editing({}, { ...askedAnew, requirements });
    given().when(edit()).thenRejected({ code: 'approvals.reason_required' });
    given()
      .when(edit({ reason: 'half was used' }))
      .then(edited({ requirements }), voteOf(ada, smaller.value, 'half was used'), approvedBy(ada));
  });

  it('buys no time, and may cost some', () => {
    const requirements = [{ ...byTwo, expiresAt: at('10:20') }];
    const given = editing({}, { ...askedAnew, requirements, expiresAt: at('10:20') });
    given()
      .when(edit())
      .then(edited({ requirements, expiresAt: at('10:20') }), voteOf(ada, smaller.value));
  });

  it('counts the new times on the clock of the approval, which stood still under stops', () => {
    const stops = [{ from: at('09:10'), to: at('09:40') }];
    const requirements = [{ ...byTwo, expiresAt: at('10:20'), escalate: { at: at('10:10'), team: 'legal' } }];
    const onItsClock = [{ ...byTwo, expiresAt: at('09:50'), escalate: { at: at('09:40'), team: 'legal' } }];
    editing({}, { ...askedAnew, requirements }, { stops })()
      .when(edit())
      .then(edited({ requirements: onItsClock, expiresAt: at('09:50') }), voteOf(ada, smaller.value));
  });

  it('is for those who may decide', () => {
    const given = editing({ requirements: [legalAsked] }, askedAnew);
    given().when(edit()).thenRejected({ code: 'approvals.not_a_decider' });
    editing({}, askedAnew)(voteOf(barbara, digest.value), approvedBy(barbara))
      .when(edit())
      .thenRejected({ code: 'approvals.already_settled', as: 'approved', by: barbara });
  });
});
