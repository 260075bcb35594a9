import type { Right } from '@countersign/identity';
import { specFor } from '@countersign/testing/decider';
import { describe, expect, it } from 'vitest';
import type { ApprovalCommand } from './approval.commands.ts';
import { decideApproval } from './approval.decider.ts';
import type { ApprovalEvent } from './approval.events.ts';
import type { ApprovalRejection } from './approval.rejections.ts';
import type { ApprovalsState } from './approval.state.ts';
import { cancelAsk, takePermit, type Ask } from './asks.ts';
import { evolveApprovals } from './evolve.ts';
import type { ApprovalFacts } from './facts.ts';
import {
  ada,
  alan,
  approve,
  asAgent,
  asked,
  asMember,
  asSystem,
  at,
  audrey,
  barbara,
  byTwo,
  clerk,
  command,
  deny,
  digest,
  edsger,
  factsFor,
  grace,
  legalAsked,
  olive,
  opened,
  people,
  refund,
  rowOf,
  teamMonth,
  transfer,
  treasuryAsked,
  victor,
} from './approval.mother.ts';

/** A spec in which one person commands. Without an ask, the refund is asked of one person of the treasury. */
const by = (actor: ApprovalFacts['by'], changes: Partial<ApprovalFacts> = {}, ask: Partial<Ask> = {}) =>
  specFor<ApprovalsState, ApprovalCommand, ApprovalEvent, ApprovalRejection>({
    initialState: () => opened(ask),
    evolve: evolveApprovals,
    decide: (wish, state, now) => decideApproval(wish, state, factsFor(actor, changes), now),
    at: at('10:00'),
  }).given;
const byAda = (ask: Partial<Ask> = {}, changes: Partial<ApprovalFacts> = {}) => by(asMember(ada), changes, ask);

const voted = (who: typeof ada, changes: object = {}): ApprovalEvent => ({
  type: 'ApprovalVoted',
  data: {
    ...{ approvalId: refund, by: who, verdict: 'approve', digest: digest.value, reason: null, grant: null },
    ...changes,
  },
});
const approved = (who: typeof ada, changes: object = {}): ApprovalEvent => ({
  type: 'ApprovalApproved',
  data: {
    ...{ approvalId: refund, by: who, digest: digest.value },
    counted: [{ teams: ['treasury'], members: [who] }],
    permitExpiresAt: at('10:30'),
    ...changes,
  },
});
const deniedBy = (who: typeof ada, feedback: string | null = null): ApprovalEvent => ({
  type: 'ApprovalDenied',
  data: { approvalId: refund, by: who, feedback },
});
const both = [{ teams: ['treasury'], members: [ada, grace] }];

describe('approving', () => {
  it('gives a permit for the action that the person saw, from now for as long as the policy says', () => {
    byAda()()
      .when(approve({ reason: 'the item was broken' }))
      .then(voted(ada, { reason: 'the item was broken' }), approved(ada));
  });

  it('waits for a quorum of two, and completes with the second', () => {
    byAda({ requirements: [byTwo] })()
      .when(approve())
      .then(voted(ada));
    by(
      asMember(grace),
      {},
      { requirements: [byTwo] },
    )(voted(ada))
      .when(approve())
      .then(voted(grace), approved(grace, { counted: both }));
  });

  it('I5: never counts one person twice', () => {
    byAda({ requirements: [byTwo] })(voted(ada))
      .when(approve())
      .thenNothing();
    byAda({ requirements: [byTwo] })(voted(ada), voted(ada))
      .when(approve())
      .thenNothing();
  });

  it('needs every team that was asked, and its permit lasts as long as the shortest of them allows', () => {
    const ask = { requirements: [treasuryAsked, legalAsked] };
    byAda(ask)().when(approve()).then(voted(ada));
    const counted = [
      { teams: ['treasury'], members: [ada] },
      { teams: ['legal'], members: [barbara] },
    ];
    by(asMember(barbara), {}, ask)(voted(ada)).when(approve()).then(voted(barbara), approved(barbara, { counted }));
  });

  it('counts one person for every team they decide for', () => {
    const counted = ['treasury', 'legal'].map((team) => ({ teams: [team], members: [ada] }));
    byAda({ requirements: [treasuryAsked, legalAsked] }, { people: people({ legal: [ada] }) })()
      .when(approve())
      .then(voted(ada), approved(ada, { counted }));
  });

  it('counts only people who still have the right when it completes', () => {
    const facts = { people: people({ treasury: [grace, edsger] }) };
    by(asMember(grace), facts, { requirements: [byTwo] })(voted(ada))
      .when(approve())
      .then(voted(grace));
    by(asMember(edsger), facts, { requirements: [byTwo] })(voted(ada), voted(grace))
      .when(approve())
      .then(voted(edsger), approved(edsger, { counted: [{ teams: ['treasury'], members: [grace, edsger] }] }));
  });

  it('completes on a repeated answer once the others have their right again', () => {
    by(
      asMember(grace),
      {},
      { requirements: [byTwo] },
    )(voted(ada), voted(grace))
      .when(approve())
      .then(approved(grace, { counted: both }));
  });

  it('refuses a vote on an action that was edited meanwhile', () => {
    byAda()()
      .when(approve({ digest: 'refund of 90' }))
      .thenRejected({ code: 'approvals.changed', digest: digest.value });
  });

  it('wants a reason where the policy does, of those it asked', () => {
    const requirements = [{ ...treasuryAsked, requireReason: 'approver' }, legalAsked];
    byAda({ requirements })().when(approve()).thenRejected({ code: 'approvals.reason_required' });
    byAda({ requirements })().when(deny()).thenRejected({ code: 'approvals.reason_required' });
    by(asMember(barbara), {}, { requirements })().when(approve()).then(voted(barbara));
  });
});

describe('who decides', () => {
  const refused = (actor: ApprovalFacts['by'], rejection: ApprovalRejection, changes = {}, ask = {}) => {
    for (const wish of [approve(), deny(), command({ type: 'WithdrawApproval' }), command({ type: 'ClaimApproval' })])
      by(actor, changes, ask)().when(wish).thenRejected(rejection);
  };

  it('I4: is never an agent, whatever the edge takes it for', () => {
    refused(asAgent(clerk), { code: 'approvals.people_only' });
    const disguised = { ...asMember(ada).actor, method: 'agent-key' as const };
    refused({ actor: disguised, tokenRights: null }, { code: 'approvals.people_only' });
    refused(asSystem, { code: 'approvals.people_only' });
  });

  it('needs a personal token that is for deciding', () => {
    const token = (...tokenRights: readonly Right[]) => ({ ...asMember(ada), tokenRights });
    refused(token('teams:read'), { code: 'identity.forbidden', right: 'approvals:decide' });
    by(token('approvals:decide'))().when(approve()).then(voted(ada), approved(ada));
  });

  it('I4: is never the owner of the agent, who issued a live key of it, or whom it acts for', () => {
    refused(asMember(ada), { code: 'approvals.involved' }, { involved: new Set([ada]) });
    refused(asMember(ada), { code: 'approvals.involved' }, {}, { onBehalfOf: ada });
    refused(asMember(ada), { code: 'approvals.involved' }, {}, { involved: [ada] });
  });

  it('may be one of them where the organization relaxed the rule', () => {
    byAda({ onBehalfOf: ada }, { involved: new Set([ada]), isRelaxed: true })()
      .when(approve())
      .then(voted(ada), approved(ada));
  });

  it('is never an auditor or viewer, whatever team role they hold', () => {
    refused(asMember(audrey), { code: 'approvals.not_a_decider' });
    refused(asMember(victor), { code: 'approvals.not_a_decider' });
  });

  it('is nobody of another team, and no owner or admin without a team role', () => {
    for (const who of [barbara, olive, alan]) refused(asMember(who), { code: 'approvals.not_a_decider' });
  });

  it('is an owner too where the team is too small for its quorum, and only then', () => {
    const small = { people: people({ treasury: [ada, audrey] }) };
    by(asMember(olive), small, { requirements: [byTwo] })(voted(ada))
      .when(approve())
      .then(voted(olive), approved(olive, { counted: [{ teams: ['treasury'], members: [ada, olive] }] }));
    by(asMember(alan), small, { requirements: [byTwo] })(voted(ada))
      .when(approve())
      .thenRejected({ code: 'approvals.not_a_decider' });
  });

  it('cannot be told from an approval that is not there, for somebody who is no member', () => {
    refused(asMember(ada), { code: 'approvals.not_found' }, { people: people({}, [ada]) });
    byAda()()
      .when(approve({ approvalId: transfer }))
      .thenRejected({ code: 'approvals.not_found' });
  });
});

describe('denying', () => {
  it('settles at once, whoever approved before, and tells the agent why', () => {
    by(
      asMember(grace),
      {},
      { requirements: [byTwo] },
    )(voted(ada))
      .when(deny({ feedback: 'ask the customer for a photo', reason: 'no proof' }))
      .then(voted(grace, { verdict: 'deny', reason: 'no proof' }), deniedBy(grace, 'ask the customer for a photo'));
  });

  it('is how a vote is changed', () => {
    byAda({ requirements: [byTwo] })(voted(ada))
      .when(deny())
      .then(voted(ada, { verdict: 'deny' }), deniedBy(ada));
  });
});

describe('two answers at once', () => {
  it('settle it once: the other is told who did', () => {
    by(asMember(grace))(voted(ada), approved(ada))
      .when(deny())
      .thenRejected({ code: 'approvals.already_settled', as: 'approved', by: ada });
    by(asMember(grace))(voted(ada), deniedBy(ada))
      .when(approve())
      .thenRejected({ code: 'approvals.already_settled', as: 'denied', by: ada });
    // The same answer, by somebody who never gave it.
    by(asMember(grace))(voted(ada), deniedBy(ada))
      .when(deny())
      .thenRejected({ code: 'approvals.already_settled', as: 'denied', by: ada });
  });

  it('are one when they are the same answer of the same person', () => {
    byAda()(voted(ada), approved(ada)).when(approve()).thenNothing();
    byAda()(voted(ada, { verdict: 'deny' }), deniedBy(ada))
      .when(deny())
      .thenNothing();
  });

  it('are not one when it was withdrawn in between', () => {
    const withdrawn: ApprovalEvent = {
      type: 'ApprovalWithdrawn',
      data: { approvalId: refund, by: grace, reason: null },
    };
    byAda()(voted(ada), approved(ada), withdrawn)
      .when(approve())
      .thenRejected({ code: 'approvals.already_settled', as: 'withdrawn', by: grace });
  });
});

describe('retracting a vote', () => {
  const retract = command({ type: 'RetractVote' });
  it('leaves one that waits without it', () => {
    byAda({ requirements: [byTwo] })(voted(ada))
      .when(retract)
      .then({ type: 'VoteRetracted', data: { approvalId: refund, by: ada } });
    by(
      asMember(grace),
      {},
      { requirements: [byTwo] },
    )(voted(ada), { type: 'VoteRetracted', data: { approvalId: refund, by: ada } })
      .when(approve())
      .then(voted(grace));
  });

  it('does nothing where there is none', () => byAda()().when(retract).thenNothing());

  it('is refused once it is settled', () => {
    byAda()(voted(ada), approved(ada))
      .when(retract)
      .thenRejected({ code: 'approvals.already_settled', as: 'approved', by: ada });
  });
});

describe('withdrawing', () => {
  const withdraw = command({ type: 'WithdrawApproval', reason: 'the order was a fraud' });
  const withdrawn: ApprovalEvent = {
    type: 'ApprovalWithdrawn',
    data: { approvalId: refund, by: grace, reason: 'the order was a fraud' },
  };

  it('takes an untaken permit back, by whoever might have denied it', () => {
    by(asMember(grace))(voted(ada), approved(ada)).when(withdraw, at('10:29')).then(withdrawn);
  });

  it('does nothing the second time', () => {
    byAda()(voted(ada), approved(ada), withdrawn).when(withdraw).thenNothing();
  });

  it('is refused before it is approved, and after the permit has lapsed or was taken', () => {
    byAda()().when(withdraw).thenRejected({ code: 'approvals.not_approved', as: 'pending' });
    byAda()(voted(ada), approved(ada))
      .when(withdraw, at('10:30'))
      .thenRejected({ code: 'approvals.not_approved', as: 'lapsed' });
    const state = opened();
    for (const event of [voted(ada), approved(ada)]) evolveApprovals(state, event);
    takePermit(state, refund, 'take-1');
    expect(decideApproval(withdraw, state, factsFor(asMember(ada)), at('10:10'))).toMatchObject({
      rejection: { code: 'approvals.not_approved', as: 'taken' },
    });
  });
});

describe('the deadline', () => {
  it('denies what nobody decided, whether or not a sweep came', () => {
    byAda()()
      .when(approve(), at('10:59'))
      .then(voted(ada), approved(ada, { permitExpiresAt: at('11:29') }));
    byAda()()
      .when(approve(), at('11:00'))
      .thenRejected({ code: 'approvals.expired', expiredAt: at('11:00') });
    byAda()({ type: 'ApprovalExpired', data: { approvalId: refund, expiredAt: at('11:00') } })
      .when(deny(), at('11:05'))
      .thenRejected({ code: 'approvals.expired', expiredAt: at('11:00') });
  });

  it('moves by the time that stops covered it', () => {
    const stops = [{ from: at('10:00'), to: at('10:30') }];
    byAda({}, { stops })()
      .when(approve(), at('11:29'))
      .then(voted(ada), approved(ada, { permitExpiresAt: at('11:59') }));
    byAda({}, { stops })()
      .when(approve(), at('11:30'))
      .thenRejected({ code: 'approvals.expired', expiredAt: at('11:30') });
  });
});

describe('a cancelled ask', () => {
  it('can be decided no more', () => {
    const state = opened();
    cancelAsk(state, refund, asked);
    expect(rowOf(state).status).toBe('cancelled');
    expect(decideApproval(approve(), state, factsFor(asMember(ada)), at('10:00'))).toMatchObject({
      rejection: { code: 'approvals.already_settled', as: 'cancelled', by: null },
    });
  });
});

describe('a budget that asked', () => {
  const ask = { budgets: [teamMonth] };
  const over = (amount: bigint) => ({ excessOf: () => ({ amount, windowStart: at('00:00'), windowEnd: at('23:00') }) });
  const { team: _team, raiseMax: _raiseMax, ...address } = teamMonth;
  const extended = (amount: string): ApprovalEvent => ({
    type: 'BudgetExtended',
    data: { approvalId: refund, ...address, windowStart: at('00:00'), windowEnd: at('23:00'), amount },
  });

  it('is raised by what the action goes over it now', () => {
    byAda(ask, over(100_000_000_000n))().when(approve()).then(voted(ada), approved(ada), extended('100'));
  });

  it('is not raised where the action fits by now', () => {
    byAda(ask, over(0n))().when(approve()).then(voted(ada), approved(ada));
  });

  it('wants an owner or admin for more than the team may raise it by', () => {
    const tooMuch = over(100_000_000_001n);
    byAda(ask, tooMuch)().when(approve()).then(voted(ada));
    by(
      asMember(alan),
      tooMuch,
      ask,
    )(voted(ada))
      .when(approve())
      .then(
        voted(alan),
        approved(alan, { counted: [{ teams: ['treasury'], members: [ada, alan] }] }),
        extended('100.000000001'),
      );
    by(asMember(olive), tooMuch, ask)().when(approve()).then(voted(olive), approved(olive), extended('100.000000001'));
    by(asMember(olive), over(1n), ask)().when(approve()).thenRejected({ code: 'approvals.not_a_decider' });
  });

  it('never counts an owner or admin who is involved', () => {
    const facts = { ...over(200_000_000_000n), involved: new Set([olive]) };
    by(asMember(olive), facts, ask)().when(approve()).thenRejected({ code: 'approvals.involved' });
    byAda(ask, facts)(voted(olive)).when(approve()).then(voted(ada));
  });
});
