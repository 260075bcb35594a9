import { setTimeout as pause } from 'node:timers/promises';
import { Counts } from './counts.ts';
import type { Job, Result } from './job.ts';
import { RawConnection, type RawAnswer } from './raw-connection.ts';
import { headOf, RequestSource } from './request-source.ts';

interface Lane {
  readonly job: Job;
  readonly counts: Counts;
  readonly connection: RawConnection;
  readonly source: RequestSource;
  /** Whether there is one more request to send; asking takes it. */
  readonly mayStart: () => boolean;
}

/** Sends what the job says and counts what comes back. Ends early when a connection breaks, with that counted. */
export async function runJob(job: Job): Promise<Result> {
  const connections = await Promise.all(Array.from({ length: job.connections }, () => RawConnection.open(job.port)));
  const counts = new Counts();
  const startedAt = performance.now();
  const until = startedAt + job.milliseconds;
  let left = job.total ?? Infinity;
  const mayStart = () => left > 0 && performance.now() < until && (left -= 1) >= 0;
  const lanes = connections.map((connection) => ({
    job,
    counts,
    connection,
    source: new RequestSource(job),
    mayStart,
  }));
  await (job.perSecond === undefined ? Promise.all(lanes.map(sendAtFullSpeed)) : sendPaced(lanes, job.perSecond));
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const connection of connections) connection.close();
  return counts.result(seconds);
}

async function sendAtFullSpeed(lane: Lane): Promise<void> {
  while (lane.mayStart()) if (!(await sendOne(lane, performance.now()))) return;
}

/** Each request starts at its planned time on whichever connection is free; none free: it waits, and the wait counts. */
async function sendPaced(lanes: readonly Lane[], perSecond: number): Promise<void> {
  const free = [...lanes];
  const first = performance.now();
  const underWay = new Set<Promise<void>>();
  for (let index = 0; lanes[0]?.mayStart(); index += 1) {
    const plannedAt = first + (index * 1_000) / perSecond;
    while (performance.now() < plannedAt) await pause(Math.max(0, plannedAt - performance.now() - 0.5));
    while (free.length === 0) await Promise.race(underWay);
    const lane = free.pop();
    if (!lane) continue;
    const sent: Promise<void> = sendOne(lane, plannedAt).then((isAlive) => {
      underWay.delete(sent);
      if (isAlive) free.push(lane);
    });
    underWay.add(sent);
  }
  await Promise.all(underWay);
}

/** Whether the connection can go on. */
async function sendOne({ job, counts, connection, source }: Lane, startedAt: number): Promise<boolean> {
  try {
    const answer = await connection.send(source.next());
    if (!job.settles) counts.answered(answer, performance.now() - startedAt);
    else await settle(answer, { job, counts, connection, startedAt });
    return true;
  } catch (error) {
    counts.problem(0, String(error));
    return false;
  }
}

interface Settling {
  readonly job: Job;
  readonly counts: Counts;
  readonly connection: RawConnection;
  readonly startedAt: number;
}

const OUTCOME = JSON.stringify({ status: 'success', cost: { usd: '0.0001' } });

/** An action counts once it is held and settled. */
async function settle(answer: RawAnswer, { job, counts, connection, startedAt }: Settling): Promise<void> {
  const id = /"id":"(dec_[0-9a-f]{32})"/.exec(answer.body.toString('latin1', 0, 200))?.[1];
  if (answer.status === 200 && id !== undefined) {
    const head = headOf(`/v1/decisions/${id}/outcome`, job.token, OUTCOME.length);
    counts.followedUp(await connection.send(head + OUTCOME));
  }
  counts.answered(answer, performance.now() - startedAt);
}
