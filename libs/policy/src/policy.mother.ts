import { instant } from '@countersign/kernel';
import type { EvaluationInput } from './policy.evaluation.ts';

const agent: EvaluationInput['agent'] = {
  id: 'agt_00000000000000000000000000000001',
  name: 'support-agent',
  team: 'support',
  environment: 'production',
  riskClass: 'limited',
  labels: {},
};

type Changes = Partial<Omit<EvaluationInput, 'now' | 'agent'>> & {
  now?: number;
  agent?: Partial<EvaluationInput['agent']>;
};

/** An action of the support team's agent on the morning of 2026-03-02, with what is said of it changed. */
export const actionBy = ({
  now = Date.UTC(2026, 2, 2, 9),
  agent: changed,
  ...more
}: Changes = {}): EvaluationInput => ({
  intent: 'crm.read',
  target: 'customer-123',
  args: {},
  agent: { ...agent, ...changed },
  team: 'support',
  user: null,
  run: null,
  cost: { usdNanos: null, tokens: null },
  context: {},
  tags: [],
  now: instant(now),
  ...more,
});
