import { instant, type MemberId } from '@countersign/kernel';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Life, member, OPENED, requirements, SPAN_MS, step, type Happening } from './approval-life.fixture.ts';
import { approvalEvents, type ApprovalEvent } from './approval.events.ts';
import { teamMonth } from './approval.mother.ts';
import type { ApprovalStatus } from './approval.state.ts';
import { dueOf } from './due.ts';
import type { Requirement } from './requirement.ts';

// Two shared cores: seconds here may be a minute there.
vi.setConfig({ testTimeout: 120_000 });

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1_000_000_007);

const stories = fc
  .record({
    needed: requirements,
    onBehalfOf: fc.option(member, { freq: 4 }),
    withBudget: fc.boolean(),
    steps: fc.array(step, { minLength: 10, maxLength: 40 }),
  })
  .map(({ needed, onBehalfOf, withBudget, steps }) => {
    const life = new Life(needed, onBehalfOf, withBudget);
    for (const each of steps) life.live(each);
    return { life, needed, withBudget };
  });
const lives = stories.map(({ life }) => life);

const always = (title: string, holds: (life: Life) => void) =>
  it(title, () => fc.assert(fc.property(lives, holds), { numRuns: 1_000, seed }));

const ofType = (life: Life, ...types: readonly ApprovalEvent['type'][]) =>
  life.happened.filter(({ event }) => types.includes(event.type));

/** Who approves just before the event at an index, by the events alone. */
function approversBefore({ happened }: Life, index: number): ReadonlySet<MemberId> {
  const approvers = new Set<MemberId>();
  for (const { event } of happened.slice(0, index)) {
    if (event.type === 'ApprovalEdited') approvers.clear();
    if (event.type === 'VoteRetracted') approvers.delete(event.data.by);
    if (event.type === 'ApprovalVoted') approvers.add(event.data.by);
  }
  return approvers;
}

/** What was asked just before the event at an index, by the events alone: teams, quorum and whether a budget asked. */
function askedBefore({ happened }: Life, index: number, needed: readonly Requirement[]) {
  let asks = needed.map(({ team: of, quorum }) => ({ team: of, teams: [of], quorum }));
  let hasBudget = true;
  for (const { event } of happened.slice(0, index)) {
    if (event.type === 'ApprovalEdited') {
      asks = event.data.requirements.map(({ team: of, quorum }) => ({ team: of, teams: [of], quorum }));
      hasBudget = event.data.budgets.length > 0;
    }
    if (event.type === 'ApprovalEscalated') {
      const { team: of, to } = event.data;
      asks = asks.map((each) => (each.team === of ? { ...each, teams: [...each.teams, to] } : each));
    }
  }
  return { asks, hasBudget };
}

interface Story {
  readonly life: Life;
  readonly needed: readonly Requirement[];
  readonly withBudget: boolean;
}

/** False where it never completed. */
function wasRightlyCompleted({ life, needed, withBudget }: Story): boolean {
  const index = life.happened.findIndex(({ event }) => event.type === 'ApprovalApproved');
  const completion = life.happened[index];
  if (!completion) return false;
  const { asks, hasBudget } = askedBefore(life, index, needed);
  for (const ask of asks) {
    const isBeyond = withBudget && hasBudget && ask.team === teamMonth.team && completion.excess > 100_000_000_000n;
    const entitled = entitledTo(ask, completion, isBeyond);
    const counting = [...approversBefore(life, index)].filter((who) => entitled.has(who));
    expect(counting.length).toBeGreaterThanOrEqual(ask.quorum);
    expect(!isBeyond || counting.some((who) => completion.mayRaise.has(who))).toBe(true);
  }
  return true;
}

function entitledTo(
  { teams, quorum }: { readonly teams: readonly string[]; readonly quorum: number },
  { mayDecide, mayRaise }: Happening,
  isBeyond: boolean,
): ReadonlySet<MemberId> {
  const of = (name: string) => [...(mayDecide.get(name) ?? [])];
  const entitled = new Set(teams.flatMap(of));
  if (entitled.size < quorum) for (const owner of of('owners')) entitled.add(owner);
  if (isBeyond) for (const who of mayRaise) entitled.add(who);
  return entitled;
}

const next: Readonly<Record<ApprovalStatus, readonly ApprovalStatus[]>> = {
  pending: ['approved', 'denied', 'expired', 'cancelled'],
  approved: ['taken', 'withdrawn', 'lapsed'],
  ...{ denied: [], expired: [], cancelled: [], taken: [], withdrawn: [], lapsed: [] },
};

describe(`an approval, whatever happens around it (seed ${seed})`, () => {
  always('goes the ways it may go, and is settled once', (life) => {
    for (const [index, status] of life.statuses.entries()) {
      const after = life.statuses[index + 1];
      if (after) expect(next[status]).toContain(after);
    }
    expect(ofType(life, 'ApprovalApproved', 'ApprovalDenied', 'ApprovalExpired').length).toBeLessThanOrEqual(1);
  });

  it('I5: completes only by different people who voted for this action, and have the right as it completes', () => {
    let completed = 0;
    fc.assert(
      fc.property(stories, (story) => {
        if (wasRightlyCompleted(story)) completed += 1;
      }),
      { numRuns: 2_000, seed },
    );
    // Else it would show nothing.
    expect(completed).toBeGreaterThan(100);
  });

  always('I4: is never decided by an agent, an auditor, or somebody too close to the agent', (life) => {
    const deciding = ofType(
      life,
      'ApprovalVoted',
      'ApprovalApproved',
      'ApprovalDenied',
      'ApprovalEdited',
      'ApprovalWithdrawn',
      'GrantGiven',
    );
    for (const {
      actor: { actor },
      mayDecide,
      mayRaise,
    } of deciding) {
      const free = new Set([...mayDecide.values(), mayRaise].flatMap((members) => [...members]));
      expect(actor.kind === 'member' && free.has(actor.id as MemberId)).toBe(true);
    }
  });

  always('is denied by one denial, there and then', ({ happened }) => {
    for (const [index, { event }] of happened.entries())
      if (event.type === 'ApprovalVoted' && event.data.verdict === 'deny')
        expect(happened[index + 1]?.event.type).toBe('ApprovalDenied');
  });

  always('is decided within its time, as it ran outside of stops', (life) => {
    for (const { ranMs } of ofType(life, 'ApprovalVoted', 'ApprovalEdited', 'ApprovalApproved', 'ApprovalDenied'))
      expect(ranMs).toBeLessThan(SPAN_MS);
    for (const { ranMs } of ofType(life, 'ApprovalExpired'))
      expect(ranMs).toBeGreaterThanOrEqual(life.row.expiresAt - OPENED);
  });

  always('I5: is taken at most once', ({ takes, statuses }) => {
    expect(takes.length).toBe(statuses.filter((status) => status === 'taken').length);
    expect(takes.length).toBeLessThanOrEqual(1);
  });

  always('gives a grant only with the votes for it that the ask needed, and never for a budget', (life) => {
    for (const [index, { event }] of life.happened.entries()) {
      if (event.type !== 'GrantGiven') continue;
      expect(life.row.budgets).toEqual([]);
      const approvers = approversBefore(life, index);
      const supporters = new Set(
        life.happened.flatMap(({ event: { type, data } }) => (type === 'ApprovalVoted' && data.grant ? [data.by] : [])),
      );
      for (const who of event.data.counted.flatMap(({ members }) => members))
        expect(approvers.has(who) && supporters.has(who)).toBe(true);
    }
  });

  always('has nothing due once what was due is recorded', (life) => {
    life.live({ kind: 'sweep' });
    expect(dueOf(life.row, life.world.stops, instant(life.at))).toEqual([]);
  });

  always('records what its catalogue describes, word for word', ({ happened }) => {
    for (const { event } of happened) expect(approvalEvents[event.type].parse(event.data)).toEqual(event.data);
  });
});
