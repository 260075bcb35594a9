import type { Figure, Skipped } from './figure.ts';
import { measureFlood } from './rows/flood.ts';
import { measureLongLife } from './rows/long-life.ts';
import { measureOvershoot } from './rows/overshoot.ts';
import { measurePolicyEvaluation } from './rows/policy-evaluation.ts';
import { measureThroughput } from './rows/throughput.ts';
import type { Stage } from './stage.ts';

export interface Part {
  readonly name: string;
  run(stage: Stage): Promise<readonly Figure[]>;
}

export interface Plan {
  readonly parts: readonly Part[];
  readonly skipped: readonly Skipped[];
}

const projections: Skipped = { name: 'projection rebuild, events/s', why: 'there are no projections yet' };
const longLife: Skipped = {
  name: 'decision latency p50 at 1,000,000 events, and with a reader open for 60 s',
  why: '--quick',
};

/** What one run measures, in which sizes. The order keeps the ledger short while rates are measured. */
export function plans(isQuick: boolean, only: readonly string[] | undefined): Plan {
  const { rounds, milliseconds, floodRounds, floodMilliseconds } = isQuick ? quick : full;
  const all: readonly Part[] = [
    { name: 'policy', run: () => Promise.resolve(measurePolicyEvaluation()) },
    { name: 'throughput', run: (stage) => measureThroughput(stage, { rounds, milliseconds }) },
    { name: 'overshoot', run: async (stage) => [await measureOvershoot(stage)] },
    {
      name: 'flood',
      run: async (stage) => [await measureFlood(stage, { rounds: floodRounds, milliseconds: floodMilliseconds })],
    },
    { name: 'long-life', run: (stage) => measureLongLife(stage, { events: { few: 10_000, many: 1_000_000 } }) },
  ];
  const wanted = only ?? all.map(({ name }) => name).filter((name) => !isQuick || name !== 'long-life');
  const unknown = wanted.filter((name) => !all.some((part) => part.name === name));
  if (unknown.length > 0)
    throw new Error(`no part is called ${unknown.join(', ')}: there are ${all.map(({ name }) => name).join(', ')}`);
  const parts = all.filter(({ name }) => wanted.includes(name));
  return { parts, skipped: [...(wanted.includes('long-life') ? [] : [longLife]), projections] };
}

const quick = { rounds: 3, milliseconds: 2_000, floodRounds: 2, floodMilliseconds: 3_000 };
const full = { rounds: 7, milliseconds: 5_000, floodRounds: 5, floodMilliseconds: 8_000 };
