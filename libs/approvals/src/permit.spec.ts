import { describe, expect, it } from 'vitest';
import { emptyApprovals, pendingOf } from './approval.state.ts';
import { cancelAsk, findEqualAsk, openApproval, takePermit, tooManyPending } from './asks.ts';
import { evolveApprovals } from './evolve.ts';
import {
  ada,
  asked,
  askedAgain,
  asMember,
  at,
  barbara,
  clerk,
  digest,
  digestOf,
  edsger,
  factsFor,
  opened,
  people,
  refund,
  refundAsked,
  rowOf,
  scribe,
  takenAs,
  teamMonth,
  transfer,
  withPermit,
} from './approval.mother.ts';
import { answerTake, extensionsOf, shortfallToday } from './permit.ts';

const same = { takeId: 'take-1', digestOf: digestOf(digest.value) };
const conflict = (code: string) => ({ answer: 'refused', code, isConflict: true });

describe('I5: a permit', () => {
  it('is for exactly what was approved, and is kept when something else is tried', () => {
    const approval = rowOf(withPermit());
    expect(answerTake(approval, same, [], at('10:29'))).toEqual({ answer: 'free' });
    const more = { takeId: 'take-1', digestOf: digestOf('refund of 1200') };
    expect(answerTake(approval, more, [], at('10:29'))).toEqual({
      answer: 'refused',
      code: 'permit.mismatch',
      isConflict: false,
    });
  });

  it('is taken once: the same take is told the same again, another is refused', () => {
    const approval = rowOf(takenAs('take-1'));
    expect(answerTake(approval, same, [], at('10:10'))).toEqual({ answer: 'repeat' });
    expect(answerTake(approval, { ...same, takeId: 'take-2' }, [], at('10:10'))).toEqual(conflict('permit.taken'));
    // Even after its time; but never for an action that it was not for.
    expect(answerTake(approval, same, [], at('23:00'))).toEqual({ answer: 'repeat' });
    expect(answerTake(approval, { ...same, digestOf: digestOf('other') }, [], at('10:10'))).toEqual(
      conflict('permit.mismatch'),
    );
  });

  it('stays with the take that has it', () => {
    const state = takenAs('take-1');
    takePermit(state, refund, 'take-2');
    expect(rowOf(state).permit?.takeId).toBe('take-1');
  });

  it('cannot be taken before it is approved, at its expiry, or once withdrawn, void or denied', () => {
    const after = (type: 'ApprovalWithdrawn' | 'PermitLapsed') => {
      const state = withPermit();
      const data = { approvalId: refund, by: ada, reason: null, why: 'policy', lapsedAt: at('10:00') };
      evolveApprovals(state, { type, data } as never);
      return rowOf(state);
    };
    expect(answerTake(rowOf(opened()), same, [], at('10:00'))).toEqual(conflict('permit.none'));
    expect(answerTake(rowOf(withPermit()), same, [], at('10:30'))).toEqual(conflict('permit.lapsed'));
    expect(answerTake(after('ApprovalWithdrawn'), same, [], at('10:00'))).toEqual(conflict('permit.withdrawn'));
    expect(answerTake(after('PermitLapsed'), same, [], at('10:00'))).toEqual(conflict('permit.lapsed'));
    const denied = opened();
    evolveApprovals(denied, { type: 'ApprovalDenied', data: { approvalId: refund, by: ada, feedback: null } });
    takePermit(denied, refund, 'take-1');
    expect(answerTake(rowOf(denied), same, [], at('10:00'))).toEqual(conflict('permit.none'));
  });

  it('takes its extensions with it', () => {
    const state = withPermit();
    const { team: _team, raiseMax: _raiseMax, ...address } = teamMonth;
    const extension = { ...address, windowStart: at('00:00'), windowEnd: null, amount: '2' };
    evolveApprovals(state, { type: 'BudgetExtended', data: { approvalId: refund, ...extension } });
    expect(extensionsOf(rowOf(state))).toEqual([extension]);
    takePermit(state, refund, 'take-1');
    expect(extensionsOf(rowOf(state))).toEqual([]);
  });
});

describe('what today asks at a take', () => {
  const approval = rowOf(withPermit());
  const now = factsFor(asMember(ada));

  it('is carried by those who counted then, even if they have lost the right', () => {
    const without = { ...now, people: people({ treasury: [edsger] }) };
    expect(shortfallToday(approval, [{ team: 'treasury', quorum: 1 }], without)).toBeNull();
  });

  it('is not carried where more are asked, or a team that nobody of them decides for', () => {
    expect(shortfallToday(approval, [{ team: 'treasury', quorum: 2 }], now)).toBe('permit.not_met');
    expect(shortfallToday(approval, [{ team: 'legal', quorum: 1 }], now)).toBe('permit.not_met');
    const both = { ...now, people: people({ legal: [ada, barbara] }) };
    expect(shortfallToday(approval, [{ team: 'legal', quorum: 1 }], both)).toBeNull();
  });

  it('is not carried by who has come too close to the agent since, whatever the policies ask today', () => {
    const close = { ...now, involved: new Set([ada]) };
    expect(shortfallToday(approval, [{ team: 'treasury', quorum: 1 }], close)).toBe('permit.not_met');
    expect(shortfallToday(approval, [], close)).toBe('permit.not_met');
    expect(shortfallToday(approval, [], now)).toBeNull();
    expect(shortfallToday(approval, [], { ...close, isRelaxed: true })).toBeNull();
  });
});

describe('asks that are equal', () => {
  it('join the one that waits: one approval, and it ends when nobody asks any more', () => {
    const state = opened();
    const equal = findEqualAsk(pendingOf(state, clerk), digestOf(digest.value));
    expect(equal?.approvalId).toBe(refund);
    openApproval(state, { ...refundAsked, decisionId: askedAgain, openedAt: at('09:30'), expiresAt: at('12:00') });
    expect(rowOf(state)).toMatchObject({ decisions: [asked, askedAgain], expiresAt: at('11:00'), status: 'pending' });

    cancelAsk(state, refund, asked);
    expect(rowOf(state)).toMatchObject({ decisions: [askedAgain], status: 'pending' });
    cancelAsk(state, refund, askedAgain);
    expect(rowOf(state)).toMatchObject({ status: 'cancelled' });
  });

  it('add up who was too close to the agent as each of them was asked', () => {
    const state = emptyApprovals();
    openApproval(state, { ...refundAsked, involved: [ada] });
    openApproval(state, { ...refundAsked, decisionId: askedAgain, involved: [barbara, ada] });
    expect(rowOf(state).involved).toEqual([ada, barbara]);
    expect(rowOf(opened())).not.toHaveProperty('involved');
  });

  it('are not those of another action, another agent, or an approval that is settled', () => {
    expect(findEqualAsk(pendingOf(opened(), clerk), digestOf('refund of 90'))).toBeUndefined();
    expect(pendingOf(opened(), scribe)).toEqual([]);
    expect(pendingOf(withPermit(), clerk)).toEqual([]);
    expect(findEqualAsk([rowOf(withPermit())], digestOf(digest.value))).toBeUndefined();
  });

  it('cancel nothing that people have settled', () => {
    const state = withPermit();
    cancelAsk(state, refund, asked);
    expect(rowOf(state).status).toBe('approved');
  });
});

describe('asks that wait', () => {
  it('are at most twenty of an agent, unless somebody says otherwise', () => {
    const state = emptyApprovals();
    for (const approvalId of [refund, transfer]) openApproval(state, { ...refundAsked, approvalId });
    const pending = pendingOf(state, clerk);
    expect(tooManyPending(pending)).toBeNull();
    expect(tooManyPending(pending, 2)).toBe('approvals.too_many');
    expect(tooManyPending(Array.from({ length: 20 }, () => rowOf(state)))).toBe('approvals.too_many');
  });
});
