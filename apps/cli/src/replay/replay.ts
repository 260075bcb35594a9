import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parsePolicy } from '@countersign/policy';
import { countersign } from '@countersign/sdk';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import type { OperatorClient } from '../operator/operator-client.ts';
import { budgetLines } from './budget-lines.ts';
import { checkLedger } from './ledger-check.ts';
import { play } from './play.ts';
import { readRecording, type Recording } from './recording.ts';
import type { ReplayReport } from './render-summary.ts';
import { ensureOrganization, stageAgent, stagePolicy, type StagedAgent } from './stage.ts';

export interface ReplayWish {
  readonly file: string;
  /** Id or name; made when no organization has that name. Left out: one of the replay's own. */
  readonly into?: string | undefined;
  /** The path of the policy to replay under. */
  readonly policy: string;
  readonly now: Date;
}

/** Told what happens, for whoever draws it. */
export interface ReplayListener {
  readonly onStart: (steps: number) => void;
  readonly onStep: () => void;
  readonly onEnd: () => void;
}

/**
 * Sends a recording through the control plane as if it happened now, then exports the ledger and verifies it.
 *
 * @throws {CommandFailed} naming the file, line or call that was wrong
 */
export async function replay(
  operator: OperatorClient,
  wish: ReplayWish,
  listener: ReplayListener,
): Promise<ReplayReport> {
  const recording = readRecording(await textOf(wish.file));
  const policy = await readPolicy(wish.policy);
  const staged = await stageReplay(operator, wish, policy);

  const startedAt = performance.now();
  listener.onStart(recording.steps);
  const summary = await playAs(staged, { url: operator.url, recording, listener });
  const seconds = (performance.now() - startedAt) / 1_000;

  const { organization, agent } = staged;
  const budgets = await operator.get(`/operator/organizations/${encodeURIComponent(organization)}/budgets?all=true`);
  const { ok, events, summary: words } = await checkLedger(operator, organization, summary.lastPosition);
  const own = budgetLines(budgets, policy.name);
  return { ...summary, organization, agent, seconds, budgets: own, ledger: { ok, events, summary: words } };
}

interface Playing {
  readonly url: string;
  readonly recording: Recording;
  readonly listener: ReplayListener;
}

/** Long: at full speed a repeat is told to wait, and giving up would make the counts worthless. */
const CALL_TIMEOUT_MS = 60_000;

async function playAs({ key }: StagedAgent, { url, recording, listener }: Playing) {
  const client = countersign({ url, key, timeoutMs: CALL_TIMEOUT_MS });
  try {
    return await play(recording, client, listener.onStep);
  } finally {
    listener.onEnd();
    await client.close();
  }
}

interface NamedPolicy {
  readonly name: string;
  readonly document: string;
}

async function readPolicy(file: string): Promise<NamedPolicy> {
  const text = await textOf(file);
  const { document, problems } = parsePolicy(text);
  if (document) return { name: document.name, document: text };
  const lines = problems.map(
    ({ line, column, severity, code, message }) => `${file}:${line}:${column} ${severity} ${code} ${message}`,
  );
  throw new CommandFailed(lines.join('\n'), exitCode.usage);
}

/** A new agent each time, so that budgets and runs of an earlier replay do not count in this one. */
async function stageReplay(
  operator: OperatorClient,
  { file, into, now }: ReplayWish,
  policy: NamedPolicy,
): Promise<StagedAgent> {
  const stem = nameFrom(path.parse(file).name);
  const stamp = now.toISOString().replace(/[-:.]/g, '').slice(0, 18).toLowerCase();
  const organization = into ?? `replay-${stem}-${stamp}`;
  await ensureOrganization(operator, organization);
  const staged = await stageAgent(operator, { organization, team: 'replay', agent: `${stem}-${stamp}` });
  await stagePolicy(operator, staged, policy);
  return staged;
}

/** A file's name as a name of ours; room is left for what is put around it. */
const nameFrom = (stem: string) =>
  stem
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 35) || 'runs';

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailed(
      `cannot read ${file}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`,
      exitCode.usage,
    );
  });
}
