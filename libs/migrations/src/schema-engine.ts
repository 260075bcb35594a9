import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import type { PrismaFolder } from './prisma-folder.ts';

/** A script was refused; the message is the database's own. */
export class MigrationFailed extends Error {
  readonly code = 'migrations.failed';
  override readonly name = 'MigrationFailed';
}

/**
 * Prisma's own migration engine, from npm, as WebAssembly: its command-line tool would download a binary instead,
 * which an air-gapped installation cannot. It keeps the same `_prisma_migrations` table, so both may be used in turn.
 *
 * @throws MigrationFailed with what Postgres said about a script, or what the engine said about the history
 */
export async function withSchemaEngine<Result>(
  adminUrl: string,
  folder: PrismaFolder,
  work: (engine: SchemaEngine) => Promise<Result>,
): Promise<Result> {
  const { SchemaEngine: Engine } = await loadBindings();
  const scripts: ScriptLog = { refusal: null };
  const adapters = new PrismaPg({ connectionString: adminUrl, application_name: 'countersign migrate' });
  const connect = adapters.connect.bind(adapters);
  const opened: Adapter[] = [];
  adapters.connect = async () => {
    const adapter = describable(wholeScripts(await connect(), scripts));
    opened.push(adapter);
    return adapter;
  };
  const datamodels = folder.models.map((file): [string, string] => [file.path, file.content]);
  try {
    const engine = await Engine.new({ datamodels }, () => undefined, bindMigrationAwareSqlAdapterFactory(adapters));
    return await work(engine).finally(() => engine.free());
  } catch (error) {
    const cause = scripts.refusal ?? (error as Error);
    throw new MigrationFailed(firstLineOf(cause), { cause });
  } finally {
    // The engine never closes what it opened, and idle connections would keep the process alive.
    await Promise.all(opened.map((adapter) => adapter.dispose()));
  }
}

/** The engine calls an error of the adapter `External error id#0`, so the adapter keeps what really happened. */
interface ScriptLog {
  refusal: Error | null;
}

/** Below its message the engine prints a trace of its own sources, which helps nobody here. */
function firstLineOf({ message }: Error): string {
  return message.split(/\n\s*0: /)[0]?.trim() ?? message;
}

type Bindings = typeof import('@prisma/schema-engine-wasm') & { __wbg_set_wasm(exports: object): void };

/** The part of WebAssembly that is used here; the type library for Node 20 leaves it out. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ exports: { __wbindgen_start(): void } }>;
}

let bindings: Promise<Bindings> | undefined;

/** Compiled once per process. The package's entry imports its `.wasm` file as a module, which only bundlers can. */
function loadBindings(): Promise<Bindings> {
  bindings ??= instantiate();
  return bindings;
}

async function instantiate(): Promise<Bindings> {
  const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const loaded = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as unknown as Bindings;
  const compiled = await wasm.compile(await readFile(path.join(path.dirname(entry), 'schema_engine_bg.wasm')));
  const { exports } = await wasm.instantiate(compiled, { './schema_engine_bg.js': withIdleTimers(loaded) });
  loaded.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  return loaded;
}

/** The engine never clears its ten-second timeouts; a process that is done must not wait for them. */
function withIdleTimers(functions: object): object {
  const idle = (action: () => void, milliseconds: number): NodeJS.Timeout => setTimeout(action, milliseconds).unref();
  const entries = Object.entries(functions) as [string, unknown][];
  return Object.fromEntries(
    entries.map(([name, value]) => [name, name.startsWith('__wbg_setTimeout_') ? idle : value]),
  );
}

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

/**
 * The adapter splits a script at every semicolon, which tears function bodies apart. A whole script in one simple
 * query is what Postgres understands, and it runs in one transaction.
 */
function wholeScripts(adapter: Adapter, log: ScriptLog): Adapter {
  adapter.executeScript = async (script) => {
    log.refusal = null;
    await adapter
      .underlyingDriver()
      .query(script)
      .catch((error: Error) => {
        log.refusal = error;
        throw error;
      });
  };
  return adapter;
}

const INTERNAL_CHAR = 18;
const CHAR = 1042;

/**
 * The engine reads the catalog, where kinds are of the internal type `"char"`; the adapter knows every type but that
 * one. It is one character like any other.
 */
function describable(adapter: Adapter): Adapter {
  const pool = adapter.underlyingDriver();
  const query = pool.query.bind(pool) as (config: unknown) => Promise<{ fields?: { dataTypeID: number }[] }>;
  const renamed = async (config: unknown): Promise<object> => {
    const result = await query(config);
    const internal = result.fields?.filter(({ dataTypeID }) => dataTypeID === INTERNAL_CHAR) ?? [];
    for (const field of internal) field.dataTypeID = CHAR;
    return result;
  };
  Object.assign(pool, { query: renamed });
  return adapter;
}
