import path from 'node:path';
import { connectPostgres } from '@countersign/postgres';
import { createCluster, isCluster } from './cluster.ts';
import type { DataDirectory } from './data-directory.ts';
import { freePort, isPortFree } from './free-port.ts';
import { startServer, stopOrphan } from './postgres-server.ts';
import { newState, readState, writeState, type SavedState } from './saved-state.ts';
import { serverPlace } from './server-place.ts';

/** A running Postgres of our own, on the loopback interface. The URLs hold its random passwords. */
export interface EmbeddedPostgres {
  /** The role that owns the database and migrates it; it may create roles and databases and is no superuser. */
  readonly adminUrl: string;
  /** The role `countersign_app`, which the migration creates with this password. */
  readonly appUrl: string;
  readonly appPassword: string;
  /** For nobody but tests and repair by hand. */
  readonly superuserUrl: string;
  readonly port: number;
  readonly pid: number;
  /** Whether this start made the cluster. */
  readonly isNew: boolean;
  /** Settles when the server is gone, whether asked to or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface EmbeddedPostgresWish {
  /** How much of a new cluster's log is laid out before it starts, see `layOutLog`; nothing when left out. */
  readonly logAheadMiB?: number;
}

/**
 * Starts the Postgres of this data directory, making it on the first start and stopping one that outlived a killed
 * supervisor. Port and passwords are chosen once and kept, unless somebody else took the port meanwhile.
 *
 * Holding the directory is what makes it safe, hence the parameter: two servers on one folder would destroy it.
 */
export async function startEmbeddedPostgres(
  directory: DataDirectory,
  { logAheadMiB = 0 }: EmbeddedPostgresWish = {},
): Promise<EmbeddedPostgres> {
  const { binaries, user, folder } = await serverPlace(directory.path);
  await stopOrphan(folder);
  const isNew = !(await isCluster(folder));
  const state = await chosenState(path.join(directory.path, 'postgres.json'), isNew);
  if (isNew) await createCluster(binaries, { folder, user, superuserPassword: state.superuserPassword, logAheadMiB });

  const logFile = path.join(directory.path, 'postgres.log');
  const server = await startServer(binaries, { folder, logFile, port: state.port, user });
  try {
    await ensureOwner(state);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { ...urlsOf(state), ...server, port: state.port, isNew };
}

async function chosenState(file: string, isNew: boolean): Promise<SavedState> {
  const saved = await readState(file);
  if (saved === null && !isNew) {
    throw new Error(
      `${file} is missing, and with it the passwords of the database beside it; restore it, or remove both`,
    );
  }
  if (saved !== null && (await isPortFree(saved.port))) return saved;
  const port = await freePort();
  const state = saved === null ? newState(port) : { ...saved, port };
  await writeState(file, state);
  return state;
}

function urlsOf({ port, superuserPassword, ownerPassword, appPassword }: SavedState) {
  const url = (role: string, password: string): string =>
    `postgres://${role}:${password}@127.0.0.1:${port}/countersign`;
  return {
    superuserUrl: url('postgres', superuserPassword),
    adminUrl: url('countersign_owner', ownerPassword),
    appUrl: url('countersign_app', appPassword),
    appPassword,
  };
}

/** The owner and its database, as a managed Postgres would give them; repeated at every start, for it may have been cut short. */
async function ensureOwner({ port, superuserPassword, ownerPassword }: SavedState): Promise<void> {
  const sql = connectPostgres(`postgres://postgres:${superuserPassword}@127.0.0.1:${port}/postgres`, {
    connections: 1,
    applicationName: 'countersign start',
    limits: { lockTimeoutMs: 10_000, statementTimeoutMs: 60_000, idleInTransactionTimeoutMs: 10_000 },
  });
  try {
    const [role] = await sql`select from pg_roles where rolname = 'countersign_owner'`;
    if (!role) await sql.unsafe(`create role countersign_owner login createrole createdb password '${ownerPassword}'`);
    const [database] = await sql`select from pg_database where datname = 'countersign'`;
    if (!database) await sql`create database countersign owner countersign_owner`;
  } finally {
    await sql.end();
  }
}
