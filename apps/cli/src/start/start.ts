import { existsSync } from 'node:fs';
import path from 'node:path';
import { isPortFree, lockDataDirectory, type DataDirectory } from '@countersign/embedded';
import { CommandFailed } from '../command-failed.ts';
import { environment, type StartConfig } from '../config.ts';
import {
  credentialsFile,
  Credentials,
  OperatorCredentials,
  operatorFile,
  readPrivate,
  writePrivate,
} from '../credentials.ts';
import { announcement } from './announce.ts';
import { keepDatabase, type KeptDatabase } from './kept-database.ts';
import { keepRunning, lastWords, type KeptProcess, type Program } from './kept-process.ts';
import { migrateEverything } from './migrate-everything.ts';
import { ensureOperatorToken } from './operator-token.ts';
import { seedDemo } from './seed-demo.ts';
import { listenForStop, untilAborted, type StopSignal } from './stop-signal.ts';
import { untilHealthy } from './until-healthy.ts';

/** What was started, in the order it was, to be stopped in the opposite one. */
interface System {
  readonly config: StartConfig;
  readonly directory: DataDirectory;
  readonly stop: StopSignal;
  readonly apiUrl: string;
  database: KeptDatabase | null;
  readonly programs: KeptProcess[];
}

/**
 * Starts everything, says how to use it, and stays until it is asked to stop. Whatever happens, what was started is
 * stopped: programs first, then the database.
 *
 * @throws CommandFailed with one line when a port is taken or a program cannot start
 */
export async function start(config: StartConfig): Promise<void> {
  const stop = listenForStop();
  const directory = await lockDataDirectory(config.dataDirectory);
  const apiUrl = `http://127.0.0.1:${config.apiPort}`;
  const system: System = { config, directory, stop, apiUrl, database: null, programs: [] };
  try {
    for (const step of [checkPorts, openDatabase, startPrograms, welcome]) {
      if (!stop.asked.aborted) await step(system);
    }
    await untilAborted(stop.asked);
    say('stopping …');
  } finally {
    await stopAll(system);
  }
}

function say(line: string): void {
  console.log(line);
}

async function checkPorts({ config }: System): Promise<void> {
  if (await isPortFree(config.apiPort)) return;
  throw new CommandFailed(`port ${config.apiPort} is in use; stop what listens there, or set API_PORT to another`);
}

async function openDatabase(system: System): Promise<void> {
  const { databaseAdminUrl, databaseUrl } = system.config;
  if (databaseUrl === undefined) return openEmbedded(system);
  if (databaseAdminUrl === undefined) return say('DATABASE_ADMIN_URL is not set: no migrations are applied here');
  const isApp = new URL(databaseUrl).username === 'countersign_app';
  await migrateEverything(databaseAdminUrl, isApp ? decodeURIComponent(new URL(databaseUrl).password) : undefined);
}

async function openEmbedded(system: System): Promise<void> {
  const onMoved = (): void => system.programs.forEach((program) => program.restart());
  system.database = await keepDatabase(system.directory, { say, onMoved });
  const { adminUrl, appPassword } = system.database.server;
  await migrateEverything(adminUrl, appPassword);
}

async function startPrograms(system: System): Promise<void> {
  const { directory, programs, stop, apiUrl } = system;
  for (const name of ['api', 'worker']) {
    const program = programOf(system, name);
    // A worker exists once there is work for it.
    if (!existsSync(program.script)) continue;
    programs.push(keepRunning(program, { say, noteChild: (pid) => directory.noteChild(pid) }));
  }
  const [api] = programs;
  if (api === undefined) throw new CommandFailed('dist/api/main.js is missing; run npm run build');
  const ended = new AbortController();
  const abort = AbortSignal.any([ended.signal, stop.asked]);
  void api.firstRun.then(() => ended.abort());
  await untilHealthy(apiUrl, abort).catch(async (error: Error) => {
    if (stop.asked.aborted) return;
    const reason = ended.signal.aborted ? 'the api could not start' : error.message;
    throw new CommandFailed(`${reason}; see ${api.program.logFile}\n${await lastWords(api.program)}`);
  });
}

function programOf(system: System, name: string): Program {
  const { config, directory } = system;
  return {
    name,
    script: path.join(import.meta.dirname, '..', name, 'main.js'),
    logFile: path.join(directory.path, `${name}.log`),
    environment: () => ({
      ...environment,
      // What serves must not be able to become the owner.
      DATABASE_ADMIN_URL: undefined,
      DATABASE_URL: config.databaseUrl ?? system.database?.server.appUrl,
      REDIS_URL: config.redisUrl,
      API_PORT: String(config.apiPort),
      COUNTERSIGN_DATA_DIR: directory.path,
    }),
  };
}

async function welcome(system: System): Promise<void> {
  if (system.database === null) return say(`Countersign runs at ${system.apiUrl}. Ctrl-C stops it.`);
  say(announcement(system.directory.path, await demoOf(system, system.database.server.appUrl)));
}

/** The demo is made once; afterwards only the addresses are brought up to date. */
async function demoOf({ config, directory, apiUrl }: System, databaseUrl: string): Promise<Credentials> {
  const operator = await readPrivate(operatorFile(directory.path), OperatorCredentials);
  const operatorToken = await ensureOperatorToken(databaseUrl, operator?.operatorToken);
  await writePrivate(operatorFile(directory.path), { apiUrl, operatorToken });
  const file = credentialsFile(directory.path);
  const { organization, agents } = (await readPrivate(file, Credentials)) ?? (await seedDemo(apiUrl, operatorToken));
  const credentials = { apiUrl, consoleUrl: `http://127.0.0.1:${config.consolePort}`, organization, agents };
  await writePrivate(file, credentials);
  return credentials;
}

async function stopAll({ programs, database, directory, stop }: System): Promise<void> {
  await Promise.all(programs.map((program) => program.stop(stop.insisted)));
  await database?.stop();
  await directory.release();
}
