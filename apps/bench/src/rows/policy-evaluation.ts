import { instant } from '@countersign/kernel';
import {
  compilePolicy,
  compileStack,
  evaluateStack,
  parsePolicy,
  type EvaluationInput,
  type Stack,
} from '@countersign/policy';
import type { Figure } from '../figure.ts';
import { percentile } from '../figures.ts';

const SAMPLES = 5_000;
/** A clock read costs as much as a small policy, so each sample times several evaluations. */
const PER_SAMPLE = 10;

const bounds = [
  { rules: 1, must: 5, aim: 1 },
  { rules: 100, must: 20, aim: 5 },
  { rules: 1_000, must: 150, aim: 20 },
] as const;

/** In process, without a server: what judging one action by policies of three sizes costs. */
export function measurePolicyEvaluation(): readonly Figure[] {
  return bounds.map(({ rules, must, aim }) => {
    const samples = sample(stackOf(rules));
    return {
      name: `policy evaluation p50, ${rules} ${rules === 1 ? 'rule' : 'rules'}, in process`,
      yardstick: null,
      unit: 'µs',
      value: percentile(samples, 0.5),
      sense: 'at most',
      must,
      aim,
      detail: { p99: percentile(samples, 0.99) },
    };
  });
}

/** Half literal intents, half prefixes, every tenth with a condition; the last rule is the one that matches. */
function stackOf(rules: number): Stack {
  const lines = Array.from({ length: rules - 1 }, (_, index) => ruleLine(index));
  const text = `apiVersion: countersign/v1\nname: bench\nallow:\n${lines.join('')}  - { match: "refund.issue:order-*", when: "args.amount <= 500" }\n`;
  const { document, problems } = parsePolicy(text);
  if (!document) throw new Error(`the bench's own policy is wrong: ${JSON.stringify(problems)}`);
  return compileStack([{ layer: 'agent', point: agent.id, version: 1, policy: compilePolicy(document) }]);
}

function ruleLine(index: number): string {
  const match = index % 2 === 0 ? `crm.read${index}:customer-*` : `service${index}.*:*`;
  return index % 10 === 0 ? `  - { match: "${match}", when: "args.amount <= ${index}" }\n` : `  - "${match}"\n`;
}

const agent: EvaluationInput['agent'] = {
  id: 'agt_00000000000000000000000000000001',
  name: 'refunds',
  team: 'support',
  environment: 'production',
  riskClass: 'limited',
  labels: {},
};

const input: EvaluationInput = {
  intent: 'refund.issue',
  target: 'order-1009',
  args: { amount: 120, currency: 'EUR' },
  agent,
  team: 'support',
  user: 'customer-123',
  run: 'run-42',
  cost: { usdNanos: 100_000n, tokens: null },
  context: {},
  tags: [],
  now: instant(Date.UTC(2026, 10, 20)),
};

function sample(stack: Stack): Float64Array {
  const samples = new Float64Array(SAMPLES);
  for (let warm = 0; warm < 20_000; warm += 1) judged(stack);
  for (let index = 0; index < SAMPLES; index += 1) {
    const start = process.hrtime.bigint();
    for (let count = 0; count < PER_SAMPLE; count += 1) judged(stack);
    samples[index] = Number(process.hrtime.bigint() - start) / 1_000 / PER_SAMPLE;
  }
  return samples.sort();
}

/** Looked at, so that nothing is optimized away, and a bench of the wrong path stops. */
function judged(stack: Stack): void {
  if (evaluateStack(stack, input).verdict !== 'allow') throw new Error("the bench's own action is not allowed");
}
