import { instant } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import { stopsLeftBy } from './move.ts';
import { compileStops, stopsCovering, type StoppableAction } from './stop-index.ts';
import type { StopEvent } from './stop.events.ts';
import {
  at,
  clerk,
  everything,
  intents,
  legal,
  lifted,
  placed,
  scribe,
  stopNumber,
  theClerk,
  treasury,
  wholeTreasury,
} from './stop.mother.ts';
import { emptyStops, evolveStops } from './stop.state.ts';
import { timesStopped } from './stopped-times.ts';

const after = (...events: readonly StopEvent[]) => {
  const state = emptyStops();
  for (const event of events) evolveStops(state, event);
  return state;
};

const pays: StoppableAction = { agentId: clerk, teamId: treasury, intent: 'payment.send', target: 'acme' };
const files: StoppableAction = { agentId: scribe, teamId: legal, intent: 'files.write', target: '' };

const idsFor = (action: StoppableAction, ...events: readonly StopEvent[]) =>
  stopsCovering(compileStops(after(...events)), action).map(({ stopId }) => stopId);
const isStopped = (action: StoppableAction, ...events: readonly StopEvent[]) => idsFor(action, ...events).length > 0;

describe('I6: a stop covers', () => {
  it.each([
    ['everything', everything, true, true],
    ['a team’s agents', wholeTreasury, true, false],
    ['an agent', theClerk, true, false],
    ['an intent', intents('PAYMENT.send'), true, false],
    ['intents of a pattern', intents('*.write'), false, true],
    ['an intent within a team', intents('*', legal), false, true],
    ['an intent on a target', intents('payment.*:ac*'), true, false],
    ['a target in capitals, as a block does', intents('payment.send:ACME'), true, false],
    ['no other target', intents('payment.*:nobody'), false, false],
  ] as const)('%s', (_what, scope, clerkPays, scribeFiles) => {
    expect(isStopped(pays, placed(scope))).toBe(clerkPays);
    expect(isStopped(files, placed(scope))).toBe(scribeFiles);
  });

  it('nothing once lifted, and still what another covers', () => {
    expect(isStopped(pays, placed(theClerk), lifted(1, '10:00'))).toBe(false);
    expect(idsFor(pays, placed(theClerk), placed(wholeTreasury, { n: 2 }), lifted(1, '10:00'))).toEqual([
      stopNumber(2),
    ]);
  });

  it('all that it covers, in the order of placing', () => {
    const stops = [
      placed(intents('payment.*'), { n: 3, at: at('09:01') }),
      placed(everything, { n: 4, at: at('09:02') }),
      placed(theClerk, { n: 2, at: at('09:00') }),
      placed(wholeTreasury, { n: 1, at: at('09:02') }),
      placed(theClerk, { n: 5, at: at('09:03') }),
    ];
    expect(idsFor(pays, ...stops)).toEqual([2, 3, 1, 4, 5].map(stopNumber));
  });

  // The hot path asks this of every action, and mostly nothing is stopped.
  it('costs no allocation where nothing is stopped', () => {
    const compiled = compileStops(emptyStops());
    expect(stopsCovering(compiled, pays)).toBe(stopsCovering(compiled, files));
  });
});

describe('the times that an action was stopped', () => {
  it('are those of past and present stops that cover it, earliest first', () => {
    const state = after(
      placed(everything, { n: 1, at: at('09:00') }),
      placed(theClerk, { n: 2, at: at('08:00') }),
      lifted(1, '10:00'),
      placed(intents('files.*'), { n: 3, at: at('09:30') }),
    );
    expect(timesStopped(state, pays, at('08:30'))).toEqual([
      { from: at('08:00'), to: null },
      { from: at('09:00'), to: at('10:00') },
    ]);
    expect(timesStopped(state, files, at('08:30'))).toEqual([
      { from: at('09:00'), to: at('10:00') },
      { from: at('09:30'), to: null },
    ]);
  });

  it('leave out what had ended by then, to the millisecond', () => {
    const state = after(placed(everything), lifted(1, '10:00'));
    expect(timesStopped(state, pays, at('10:00'))).toEqual([]);
    expect(timesStopped(state, pays, instant(at('10:00') - 1))).toHaveLength(1);
  });
});

describe('an agent that moves to another team', () => {
  const leaves = (scope: Parameters<typeof placed>[0]) =>
    stopsLeftBy(after(placed(scope)), { from: treasury, to: legal }).length > 0;

  it('would leave a stop of the team, and a pattern within it', () => {
    expect(leaves(wholeTreasury)).toBe(true);
    expect(leaves(intents('files.*', treasury))).toBe(true);
  });

  it('takes its own stop along, and leaves none of everyone or of the other team', () => {
    expect(leaves(theClerk)).toBe(false);
    expect(leaves(everything)).toBe(false);
    expect(leaves(intents('*'))).toBe(false);
    expect(leaves({ kind: 'team', teamId: legal })).toBe(false);
    expect(leaves(intents('*', legal))).toBe(false);
  });

  it('may stay where it is, and go once the stop is lifted', () => {
    expect(stopsLeftBy(after(placed(wholeTreasury)), { from: treasury, to: treasury })).toEqual([]);
    const freed = after(placed(wholeTreasury), lifted(1, '10:00'));
    expect(stopsLeftBy(freed, { from: treasury, to: legal })).toEqual([]);
  });
});
