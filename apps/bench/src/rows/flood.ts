import type { Figure } from '../figure.ts';
import { median } from '../figures.ts';
import { decideJob, type Stage } from '../stage.ts';
import { checked } from './throughput.ts';

export interface FloodWish {
  readonly rounds: number;
  readonly milliseconds: number;
}

/** Well below what the system can do, so that alone nothing queues; enough for a p99 within seconds. */
const PACE = 200;

/**
 * One agent at full speed on 64 connections; another asks at a steady pace. Its p99 then, against its p99 alone,
 * in turn. The flooding agent may be told to slow down (429): that is the mechanism, not a failure.
 */
export async function measureFlood(stage: Stage, { rounds, milliseconds }: FloodWish): Promise<Figure> {
  const { load, secondLoad, plain, budgeted } = stage;
  const paced = decideJob(stage, plain, { milliseconds, perSecond: PACE, connections: 16 });
  const played: { alone: number; beside: number; flood: number }[] = [];
  for (let count = 0; count < rounds; count += 1) {
    const alone = checked('paced alone', await secondLoad.run(paced));
    const flooding = load.run(decideJob(stage, budgeted, { milliseconds: milliseconds + 500 }));
    const beside = checked('paced beside a flood', await secondLoad.run(paced));
    const flood = await flooding;
    played.push({ alone: alone.p99, beside: beside.p99, flood: flood.perSecond });
  }
  const values = played.map(({ alone, beside }) => beside / alone);
  const alone = median(played.map((round) => round.alone));
  const beside = median(played.map((round) => round.beside));
  return {
    name: "one agent at full speed: another agent's p99",
    yardstick: 'itself alone',
    unit: '',
    value: median(values),
    sense: 'at most',
    must: 2,
    aim: 1.2,
    detail: {
      note: `${beside.toFixed(1)} ms; alone ${alone.toFixed(1)} ms`,
      rounds: values,
      floodPerSecond: median(played.map(({ flood }) => flood)),
    },
  };
}
