import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '@countersign/harness';
import { cpuTime, microsecondsEach } from '../cpu-time.ts';
import type { Figure } from '../figure.ts';
import { median } from '../figures.ts';
import type { Result } from '../load/job.ts';
import { actionBody, batchBody, decideJob, echoJob, type Stage } from '../stage.ts';

interface Round {
  readonly echo: Result;
  readonly single: Result;
  readonly singleCpu: ReturnType<typeof microsecondsEach>;
  readonly batch: Result;
  readonly settled: Result;
}

export interface ThroughputWish {
  readonly rounds: number;
  readonly milliseconds: number;
}

const BATCH = 100;

/**
 * The figures that are rates, measured in rounds of echo, single, batch and settled in turn, so that a slow moment of
 * the machine hits a figure and its yardstick alike. Each ratio is taken within a round; the median of rounds counts.
 */
export async function measureThroughput(
  stage: Stage,
  { rounds, milliseconds }: ThroughputWish,
): Promise<readonly Figure[]> {
  await playRound(stage, 1_000);
  const memory = watchMemory(stage.api);
  const played: Round[] = [];
  for (let count = 0; count < rounds; count += 1) played.push(await playRound(stage, milliseconds));
  const residentMb = await memory.stop();
  return [
    singleFigure(played),
    latencyFigure(played),
    batchFigure(played),
    settledFigure(played),
    memoryFigure(residentMb),
  ];
}

async function playRound(stage: Stage, milliseconds: number): Promise<Round> {
  const { load, budgeted, single } = stage;
  const wish = { milliseconds };
  const echo = checked('echo', await load.run(echoJob(stage, wish)));
  const before = await cpuTime(stage);
  const one = checked('one action a request', await load.run(decideJob(stage, budgeted, wish)));
  const singleCpu = microsecondsEach(before, await cpuTime(stage), one.requests);
  return {
    echo,
    single: one,
    singleCpu,
    batch: checked('batch', await load.run(batchJob(stage, milliseconds))),
    settled: checked('held and settled', await load.run(decideJob(stage, single, { ...wish, settles: true }))),
  };
}

function batchJob(stage: Stage, milliseconds: number) {
  const body = batchBody(actionBody, BATCH);
  return decideJob(stage, stage.budgeted, { milliseconds, path: '/v1/decisions/batch', connections: 8, body });
}

/** A rate made of refusals would flatter. @throws when anything was refused, with the first refusal. */
export function checked(what: string, result: Result): Result {
  if (result.firstProblem !== null)
    throw new Error(`${what}: ${JSON.stringify(result.problems)}, first: ${result.firstProblem}`);
  if (result.blocked + result.asked > 0)
    throw new Error(`${what}: ${result.blocked} blocked, ${result.asked} asked, none expected`);
  return result;
}

function singleFigure(rounds: readonly Round[]): Figure {
  const values = rounds.map(({ single, echo }) => single.perSecond / echo.perSecond);
  const rate = median(rounds.map(({ single }) => single.perSecond));
  const echoRate = median(rounds.map(({ echo }) => echo.perSecond));
  return {
    name: 'durable decisions/s, one action a request, 64 connections, policy and 3 budgets',
    yardstick: 'echo',
    unit: '',
    value: median(values),
    sense: 'at least',
    must: 0.3,
    aim: 0.5,
    detail: {
      note: `${Math.round(rate)}/s; echo ${Math.round(echoRate)}/s`,
      decisionsPerSecond: rate,
      echoPerSecond: echoRate,
      rounds: values,
      ...rounds.at(-1)?.singleCpu,
    },
  };
}

function latencyFigure(rounds: readonly Round[]): Figure {
  const values = rounds.map(({ single }) => single.p99);
  return {
    name: 'the same, p99 latency',
    yardstick: null,
    unit: 'ms',
    value: median(values),
    sense: 'at most',
    must: 25,
    aim: 10,
    detail: { rounds: values, p50: median(rounds.map(({ single }) => single.p50)) },
  };
}

function batchFigure(rounds: readonly Round[]): Figure {
  const values = rounds.map(({ batch, echo }) => batch.allowed / batch.seconds / echo.perSecond);
  const rate = median(rounds.map(({ batch }) => batch.allowed / batch.seconds));
  return {
    name: `decisions/s by batch of ${BATCH}`,
    yardstick: 'echo requests/s',
    unit: '',
    value: median(values),
    sense: 'at least',
    must: 0.4,
    aim: 1,
    detail: { note: `${Math.round(rate)}/s`, decisionsPerSecond: rate, rounds: values },
  };
}

function settledFigure(rounds: readonly Round[]): Figure {
  const values = rounds.map(({ settled, single }) => settled.perSecond / single.perSecond);
  const rate = median(rounds.map(({ settled }) => settled.perSecond));
  return {
    name: 'one budget row, 64 connections, held and settled: actions/s',
    yardstick: 'decisions/s above',
    unit: '',
    value: median(values),
    sense: 'at least',
    must: 0.4,
    aim: 0.5,
    detail: { note: `${Math.round(rate)}/s`, actionsPerSecond: rate, rounds: values },
  };
}

function memoryFigure(value: number): Figure {
  return {
    name: 'api resident memory under that load',
    yardstick: null,
    unit: 'MB',
    value,
    sense: 'at most',
    must: 350,
    aim: 200,
    detail: {},
  };
}

/** The most that was seen, looked at four times a second. In MB of 10^6 bytes. */
function watchMemory(api: Api) {
  let most = 0;
  let isOver = false;
  const look = async () => {
    most = Math.max(most, (await api.residentMiB()) * 1.048576);
    return most;
  };
  const watching = (async () => {
    while (!isOver) {
      await look();
      await pause(250);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await watching;
      return look();
    },
  };
}
