import { instant, type Instant } from '@countersign/kernel';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { stopsLeftBy } from './move.ts';
import { compileStops, stopsCovering, type StoppableAction } from './stop-index.ts';
import type { StopEvent, StopScope } from './stop.events.ts';
import { clerk, intents, legal, memberAuthor, placed, scribe, stopNumber, treasury } from './stop.mother.ts';
import { emptyStops, evolveStops } from './stop.state.ts';
import { timesStopped } from './stopped-times.ts';

/** `FC_SEED` repeats a run. */
const seed = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const settings = { numRuns: 1_000, seed };

beforeAll(() => console.info(`stop properties: FC_SEED=${seed}, ${settings.numRuns} cases each`));

const teamId = fc.constantFrom(treasury, legal);
const agentId = fc.constantFrom(clerk, scribe);
const patterns = fc.constantFrom(
  '*',
  'payment.*',
  '*.send',
  'payment.send',
  'PAYMENT.Send:acme',
  'files.*:*',
  '*:ac*e',
);
const scope: fc.Arbitrary<StopScope> = fc.oneof(
  fc.constant<StopScope>({ kind: 'organization' }),
  fc.record({ kind: fc.constant('team' as const), teamId }),
  fc.record({ kind: fc.constant('agent' as const), agentId }),
  fc.record({ kind: fc.constant('intent' as const), pattern: patterns, teamId: fc.option(teamId) }),
);
const action: fc.Arbitrary<StoppableAction> = fc.record({
  agentId,
  teamId,
  intent: fc.constantFrom('payment.send', 'Payment.Refund', 'files.write'),
  target: fc.constantFrom('', 'acme', 'ACME', 'other'),
});

/** A stop with the times, in milliseconds from the start, between which it was in force. */
interface Span {
  readonly scope: StopScope;
  readonly from: number;
  readonly to: number | null;
}
const span: fc.Arbitrary<Span> = fc
  .record({ scope, from: fc.nat({ max: 40 }), lasts: fc.option(fc.integer({ min: 1, max: 20 })) })
  .map(({ scope: of, from, lasts }) => ({ scope: of, from, to: lasts === null ? null : from + lasts }));
const spans = fc.array(span, { maxLength: 12 });

/** Everything that had happened by some time, in order; what is lifted at a time is no longer in force then. */
function historyUntil(now: number, all: readonly Span[]): readonly StopEvent[] {
  const events = all.flatMap((each, index) => {
    const stopId = stopNumber(index);
    const begins = placed(each.scope, { n: index, at: instant(each.from) });
    const ends: StopEvent = {
      type: 'StopLifted',
      data: { stopId, reason: '', by: memberAuthor('owner'), at: instant(each.to ?? 0) },
    };
    return each.to === null ? [begins] : [begins, ends];
  });
  return events.filter(({ data }) => data.at <= now).sort((one, other) => one.data.at - other.data.at);
}

function stateAt(now: number, all: readonly Span[]) {
  const state = emptyStops();
  for (const event of historyUntil(now, all)) evolveStops(state, event);
  return state;
}

const isInForce = ({ from, to }: Span, now: number) => from <= now && (to === null || to > now);

/** What a scope covers, said another way. */
function covers(of: StopScope, { agentId: agent, teamId: team, intent, target }: StoppableAction): boolean {
  switch (of.kind) {
    case 'organization':
      return true;
    case 'team':
      return of.teamId === team;
    case 'agent':
      return of.agentId === agent;
    default:
      return (of.teamId ?? team) === team && isLike(of.pattern, intent, target);
  }
}

function isLike(pattern: string, intent: string, target: string): boolean {
  const [intentPart = '', targetPart = '*'] = pattern.split(':');
  const isGlob = (text: string, glob: string) =>
    new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 'i').test(text);
  return isGlob(intent, intentPart) && isGlob(target, targetPart);
}

const idsOf = (all: readonly Span[], holds: (each: Span) => boolean) =>
  all.flatMap((each, index) => (holds(each) ? [stopNumber(index)] : [])).sort();

describe('over generated histories', { timeout: 60_000 }, () => {
  it('I6: from its placing until its lifting a stop covers exactly what is in its scope', () =>
    fc.assert(
      fc.property(spans, action, fc.nat({ max: 70 }), (all, asked, now) => {
        const covering = stopsCovering(compileStops(stateAt(now, all)), asked);
        expect(covering.map(({ stopId }) => stopId).sort()).toEqual(
          idsOf(all, (each) => isInForce(each, now) && covers(each.scope, asked)),
        );
        expect(covering.map(({ placedAt }) => placedAt)).toEqual(
          covering.map(({ placedAt }) => placedAt).sort((one, other) => one - other),
        );
      }),
      settings,
    ));

  it('an action was stopped at a time exactly if one of its stopped times says so', () =>
    fc.assert(
      fc.property(spans, action, fc.nat({ max: 30 }), (all, asked, since) => {
        const times = timesStopped(stateAt(100, all), asked, instant(since));
        for (let time = since; time <= 62; time += 1)
          expect(times.some(({ from, to }) => from <= time && (to === null || to > time))).toBe(
            stopsCovering(compileStops(stateAt(time, all)), asked).length > 0,
          );
      }),
      settings,
    ));

  it('I6: an agent that may move is stopped afterwards by all that stopped it before', () =>
    fc.assert(
      fc.property(spans, action, teamId, (all, asked, to) => {
        const state = stateAt(50, all);
        fc.pre(stopsLeftBy(state, { from: asked.teamId, to }).length === 0);
        const before = stopsCovering(compileStops(state), asked);
        const after = new Set(stopsCovering(compileStops(state), { ...asked, teamId: to }));
        expect(before.filter((stop) => !after.has(stop))).toEqual([]);
      }),
      settings,
    ));
});

it('a pattern of one team says nothing of another', () => {
  const state = emptyStops();
  evolveStops(state, placed(intents('*', legal), { at: 0 as Instant }));
  const asked = { agentId: clerk, teamId: treasury, intent: 'payment.send', target: '' };
  expect(stopsCovering(compileStops(state), asked)).toEqual([]);
});
