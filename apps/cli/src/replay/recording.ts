import { Intent } from '@countersign/decisions';
import { z } from 'zod';

const Count = z.number().int().min(0).max(1_000_000_000);

const shared = {
  run: z.string().min(1).max(512),
  /** Ascends within a run; only read to check that the file was not shuffled. */
  step: z.number().int().min(0).optional(),
  intent: Intent,
  user: z.string().min(1).max(512).optional(),
};

const ModelCall = z.strictObject({
  ...shared,
  kind: z.literal('llm'),
  target: z.string().min(1).max(200),
  provider: z.string().min(1).max(200).default('openai'),
  input_chars: Count,
  output_chars: Count,
  max_output_chars: Count.optional(),
});
export type ModelCall = z.infer<typeof ModelCall>;

const ToolCall = z.strictObject({
  ...shared,
  kind: z.literal('tool'),
  target: z.string().max(2_048).optional(),
  args: z.record(z.string(), z.unknown()).default({}),
  outcome: z.enum(['success', 'error']).default('success'),
  result_chars: Count.optional(),
});
export type ToolCall = z.infer<typeof ToolCall>;

const Step = z.discriminatedUnion('kind', [ModelCall, ToolCall]);
export type Step = z.infer<typeof Step>;

/** What one run did, in order. */
export interface RecordedRun {
  readonly name: string;
  readonly steps: readonly Step[];
}

export interface Recording {
  readonly runs: readonly RecordedRun[];
  readonly steps: number;
}

/** The file is not a recording. Every line that is wrong is named, up to a readable number of them. */
export class BadRecording extends Error {
  readonly code = 'replay.malformed';
  override readonly name = 'BadRecording';
}

const PROBLEMS_MAX = 10;

/**
 * Reads recorded runs, one step a line (docs/replay-format.md). Runs may be interleaved: each keeps its own order,
 * and runs start in the order in which they first appear.
 *
 * @throws {BadRecording} naming each bad line, its field and what is wrong with it
 */
export function readRecording(text: string): Recording {
  const problems: string[] = [];
  const runs = new Map<string, Step[]>();
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const step = readStep(line);
    if (typeof step === 'string') problems.push(`line ${index + 1}: ${step}`);
    else problems.push(...addStep(runs, step).map((problem) => `line ${index + 1}: ${problem}`));
  });
  if (problems.length > 0) throw new BadRecording(listed(problems));
  if (runs.size === 0) throw new BadRecording('the file holds no step; see docs/replay-format.md');
  const all = [...runs].map(([name, steps]) => ({ name, steps }));
  return { runs: all, steps: all.reduce((sum, { steps }) => sum + steps.length, 0) };
}

function addStep(runs: Map<string, Step[]>, step: Step): string[] {
  const steps = runs.get(step.run) ?? [];
  const before = steps.at(-1)?.step;
  steps.push(step);
  runs.set(step.run, steps);
  if (before === undefined || step.step === undefined || step.step > before) return [];
  return [`\`step\` is ${step.step} after ${before} in run \`${step.run}\`: the steps of a run must ascend`];
}

function readStep(line: string): Step | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'is not JSON: each line must be one step as one JSON object';
  }
  const step = Step.safeParse(value);
  return step.success ? step.data : step.error.issues.map(wordsOf).join('; ');
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown field ${issue.keys.map((key) => `\`${key}\``).join(', ')}`;
  if (issue.code === 'invalid_union') return '`kind` must be llm or tool';
  const field = issue.path.join('.');
  return field === '' ? issue.message : `\`${field}\`: ${issue.message}`;
}

function listed(problems: readonly string[]): string {
  const more = problems.length - PROBLEMS_MAX;
  return [...problems.slice(0, PROBLEMS_MAX), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}
