import { assertSchemaCompatibility, createPostgresBackend, Queue, withBackend, Worker } from 'bullmq';
import pg from 'pg';
import type { z } from 'zod';
import { jobOptions, type QueueDefinition } from './define-queue.ts';

/** Where the jobs wait: a Redis, or the Postgres that is there anyway. */
export type QueueAddress = { readonly redisUrl: string } | { readonly databaseUrl: string };

export interface NudgeOptions {
  readonly delayMs?: number;
}

export interface WorkOptions {
  /** Jobs of this queue that one process runs at the same time. */
  readonly concurrency: number;
}

/**
 * Jobs are nudges. Losing one, or all of them, may delay something and must break nothing, which is why adding one
 * never makes the caller fail: it says whether it worked, and a sweep repairs what was lost.
 */
export interface Queues {
  readonly backend: 'redis' | 'postgres';
  /**
   * Adds a job, unless its twin waits already. Resolves to false, after telling `onError`, when the backend is away.
   * With `delayMs` it begins no sooner; its twins are swallowed until then.
   */
  nudge<Payload extends z.ZodType>(
    queue: QueueDefinition<Payload>,
    payload: z.infer<Payload>,
    options?: NudgeOptions,
  ): Promise<boolean>;
  /** Runs `handle` for each job from now on. It must be idempotent: a job may come again after a crash. */
  work<Payload extends z.ZodType>(
    queue: QueueDefinition<Payload>,
    handle: (payload: z.infer<Payload>) => Promise<void>,
    options: WorkOptions,
  ): Promise<void>;
  /** Takes no new jobs, waits for the running ones, disconnects. */
  close(): Promise<void>;
}

/** The part of BullMQ that is used, the same on both backends; its own types are tied to one of them. */
interface Backend {
  readonly name: 'redis' | 'postgres';
  queue(name: string): OpenQueue;
  worker(name: string, process: (job: { data: unknown }) => Promise<void>, concurrency: number): OpenWorker;
}

interface OpenQueue {
  add(job: string, payload: unknown, options: object): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

interface OpenWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: unknown, error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

type OnError = (error: Error) => void;

/**
 * Chooses the backend by its address and makes sure it is there.
 *
 * @param onError hears of every failure in the background: lost connections, jobs that failed, payloads that do not fit
 * @throws Error on Postgres when `countersign migrate` has not made the tables
 */
export async function connectQueues(address: QueueAddress, onError: OnError): Promise<Queues> {
  const backend = 'redisUrl' in address ? redisBackend(address.redisUrl) : await postgresBackend(address.databaseUrl);
  const queues = new Map<string, OpenQueue>();
  const workers: OpenWorker[] = [];
  return {
    backend: backend.name,
    nudge: (queue, payload, { delayMs = 0 } = {}) =>
      add(openOnce(queues, backend, queue.name, onError), { queue, payload, delayMs }, onError),
    work: async (queue, handle, { concurrency }) => {
      const worker = backend.worker(queue.name, ({ data }) => handle(queue.payload.parse(data)), concurrency);
      worker.on('error', onError);
      worker.on('failed', (_job, error) => onError(error));
      workers.push(worker);
      await worker.waitUntilReady();
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
      // A backend that is away cannot be said goodbye to.
      await Promise.all([...queues.values()].map((queue) => queue.close().catch(onError)));
    },
  };
}

function openOnce(queues: Map<string, OpenQueue>, backend: Backend, name: string, onError: OnError): OpenQueue {
  const known = queues.get(name);
  if (known) return known;
  const queue = backend.queue(name);
  queue.on('error', onError);
  queues.set(name, queue);
  return queue;
}

interface Nudge<Payload extends z.ZodType> {
  readonly queue: QueueDefinition<Payload>;
  readonly payload: z.infer<Payload>;
  readonly delayMs: number;
}

async function add<Payload extends z.ZodType>(
  open: OpenQueue,
  { queue, payload, delayMs }: Nudge<Payload>,
  onError: OnError,
): Promise<boolean> {
  const fitting = queue.payload.parse(payload);
  try {
    await open.add(queue.job, fitting, { ...jobOptions(queue, fitting), ...(delayMs > 0 && { delay: delayMs }) });
    return true;
  } catch (error) {
    onError(error as Error);
    return false;
  }
}

/** A producer gives up after one try, because the caller has something better to do; a worker waits for ever. */
function redisBackend(url: string): Backend {
  return {
    name: 'redis',
    queue: (name) => new Queue(name, { connection: { url, maxRetriesPerRequest: 1, enableOfflineQueue: false } }),
    worker: (name, process, concurrency) =>
      new Worker(name, process, { connection: { url, maxRetriesPerRequest: null }, concurrency }),
  };
}

/** BullMQ opens a small pool for each queue and worker, and one connection more to listen on. */
async function postgresBackend(databaseUrl: string): Promise<Backend> {
  await assertMigrated(databaseUrl);
  const connection = { connectionString: databaseUrl, schema: 'bullmq', max: 3, application_name: 'countersign queue' };
  const { Queue: PostgresQueue, Worker: PostgresWorker } = withBackend(createPostgresBackend);
  return {
    name: 'postgres',
    queue: (name) => new PostgresQueue(name, { connection }),
    worker: (name, process, concurrency) => new PostgresWorker(name, process, { connection, concurrency }),
  };
}

async function assertMigrated(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, application_name: 'countersign queue' });
  await client.connect();
  try {
    await assertSchemaCompatibility(client, 'bullmq');
  } catch (cause) {
    throw new Error('the queue has no tables in this database that this version can use; run `countersign migrate`', {
      cause,
    });
  } finally {
    await client.end();
  }
}
