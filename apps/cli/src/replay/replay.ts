import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parsePolicy, type PolicyDocument } from '@countersign/policy';
import { countersign } from '@countersign/sdk';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import type { OperatorClient } from '../operator/operator-client.ts';
import { withAnswerers } from './answerers.ts';
import type { AskAnswer } from './asks.ts';
import { budgetLines } from './budget-lines.ts';
import { checkLedger } from './ledger-check.ts';
import { play, type Cast } from './play.ts';
import { readRecording, type Recording } from './recording.ts';
import type { ReplayReport } from './render-summary.ts';
import { ensureOrganization, ensureTeams, stageAgent, stagePolicy, type StagedAgent } from './stage.ts';
import type { ReplaySummary } from './tally.ts';
import { wantedPeople } from './wanted-people.ts';

export interface ReplayWish {
  readonly file: string;
  /** Id or name; made when no organization has that name. Left out: one of the replay's own. */
  readonly into?: string | undefined;
  /** The path of the policy to replay under. */
  readonly policy: string;
  readonly asks: AskAnswer;
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

  const { summary, seconds, recordedAt } = await playWithPeople(
    { operator, staged, recording, listener },
    wish,
    policy,
  );
  const { organization, agent } = staged;
  const budgets = await operator.get(`/operator/organizations/${encodeURIComponent(organization)}/budgets?all=true`);
  const { ok, events, summary: words } = await checkLedger(operator, organization, recordedAt);
  const own = budgetLines(budgets, policy.name);
  const asks = { answer: wish.asks, ...summary.asks };
  return { ...summary, asks, organization, agent, seconds, budgets: own, ledger: { ok, events, summary: words } };
}

interface Playing {
  readonly operator: OperatorClient;
  readonly staged: Staged;
  readonly recording: Recording;
  readonly listener: ReplayListener;
}

interface Played {
  readonly summary: ReplaySummary;
  readonly seconds: number;
  /** The position of the last that it is known to have recorded. */
  readonly recordedAt: number;
}

/** With people who answer, where asks are answered: no operator's token may decide. */
async function playWithPeople(playing: Playing, { asks }: ReplayWish, { document }: NamedPolicy): Promise<Played> {
  const { operator, staged } = playing;
  if (asks === 'leave') return playAs(playing, { answer: asks, people: [] });
  const { organization, organizationId } = staged;
  const wanted = wantedPeople(document, TEAM);
  await ensureTeams(operator, organization, wanted.teams);
  const { result, leftAt } = await withAnswerers({ operator, organization, organizationId }, wanted, (people, stop) =>
    playAs(playing, { answer: asks, people, stop }),
  );
  return { ...result, recordedAt: Math.max(result.recordedAt, leftAt) };
}

/** Long: at full speed a repeat is told to wait, and giving up would make the counts worthless. */
const CALL_TIMEOUT_MS = 60_000;

type Answering = Pick<Cast, 'answer' | 'people' | 'stop'>;

async function playAs({ operator, staged, recording, listener }: Playing, answering: Answering): Promise<Played> {
  const agent = countersign({ url: operator.url, key: staged.key, timeoutMs: CALL_TIMEOUT_MS });
  const startedAt = performance.now();
  listener.onStart(recording.steps);
  try {
    const summary = await play(recording, { ...answering, agent, onStep: listener.onStep });
    return { summary, seconds: (performance.now() - startedAt) / 1_000, recordedAt: summary.lastPosition };
  } finally {
    listener.onEnd();
    await agent.close();
  }
}

interface NamedPolicy {
  readonly name: string;
  readonly text: string;
  readonly document: PolicyDocument;
}

async function readPolicy(file: string): Promise<NamedPolicy> {
  const text = await textOf(file);
  const { document, problems } = parsePolicy(text);
  if (document) return { name: document.name, text, document };
  const lines = problems.map(
    ({ line, column, severity, code, message }) => `${file}:${line}:${column} ${severity} ${code} ${message}`,
  );
  throw new CommandFailed(lines.join('\n'), exitCode.usage);
}

/** The team of every agent that replays. */
const TEAM = 'replay';

interface Staged extends StagedAgent {
  readonly organizationId: string;
}

/** A new agent each time, so that budgets and runs of an earlier replay do not count in this one. */
async function stageReplay(
  operator: OperatorClient,
  { file, into, now }: ReplayWish,
  { name, text }: NamedPolicy,
): Promise<Staged> {
  const stem = nameFrom(path.parse(file).name);
  const stamp = now.toISOString().replace(/[-:.]/g, '').slice(0, 18).toLowerCase();
  const organization = into ?? `replay-${stem}-${stamp}`;
  const organizationId = await ensureOrganization(operator, organization);
  const staged = await stageAgent(operator, { organization, team: TEAM, agent: `${stem}-${stamp}` });
  await stagePolicy(operator, staged, { name, document: text });
  return { ...staged, organizationId };
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
