import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EmbeddedPostgresWish } from '@countersign/embedded';
import { startApi, type Api, type ApiWish } from './api-process.ts';
import { startDatabase, type Database } from './database.ts';
import { Operator, plantOperatorToken } from './operator.ts';

/** A Postgres, api processes on it, and the operator. */
export interface System {
  readonly database: Database;
  readonly apis: readonly Api[];
  readonly operator: Operator;
  readonly operatorToken: string;
  readonly dataFolder: string;
  /** One more api on the same database; stopped with the others. */
  addApi(changes?: Partial<ApiWish>): Promise<Api>;
  stop(): Promise<void>;
}

export interface SystemWish {
  /** How many api processes; 1 when left out. */
  readonly replicas?: number;
  readonly api?: Partial<ApiWish>;
  readonly database?: EmbeddedPostgresWish;
}

export async function startSystem({
  replicas = 1,
  api: changes,
  database: databaseWish,
}: SystemWish = {}): Promise<System> {
  const database = await startDatabase(databaseWish);
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'countersign-api-'));
  const apis: Api[] = [];
  const addApi = async (more: Partial<ApiWish> = {}) => {
    const api = await startApi({ databaseUrl: database.appUrl, dataFolder, ...changes, ...more });
    apis.push(api);
    return api;
  };
  const release = async () => {
    await Promise.all(apis.map((api) => api.stop()));
    await database.stop();
    await rm(dataFolder, { recursive: true, force: true });
  };
  try {
    const operatorToken = await plantOperatorToken(database.appUrl);
    const first = await addApi();
    // One after the other: the first may have things to make that the others find.
    for (let count = 1; count < replicas; count += 1) await addApi();
    const operator = new Operator(first.url, operatorToken);
    const stop = async () => {
      operator.close();
      await release();
    };
    return { database, apis, operator, operatorToken, dataFolder, addApi, stop };
  } catch (error) {
    await release();
    throw error;
  }
}
