import type { Action, Decision } from '@countersign/sdk';

/** One thing an agent wants to do. `spends` is what it really costs, reported once it may act. */
export interface Scene {
  readonly agent: string;
  readonly wants: string;
  readonly action: Omit<Action, 'requestId' | 'run'>;
  readonly spends?: string;
}

const question = { intent: 'llm.chat', target: 'gpt-4o', cost: { usd: '0.04' } } as const;

/** Told in this order. Nothing in it may depend on what was told before: runs and request ids are new each time. */
export const story: readonly Scene[] = [
  { agent: 'concierge', wants: 'to look up a customer', action: { intent: 'crm.read', target: 'customer-1009' } },
  {
    agent: 'concierge',
    wants: 'to refund 20 USD',
    action: { intent: 'refund.issue', target: 'order-77', args: { amount: 20 } },
  },
  { agent: 'concierge', wants: 'to delete the backups', action: { intent: 'fs.delete', target: '/var/backups' } },
  { agent: 'accountant', wants: 'to write the monthly report', action: { intent: 'report.write', target: 'november' } },
  {
    agent: 'accountant',
    wants: 'to refund a customer',
    action: { intent: 'refund.issue', target: 'order-79', args: { amount: 5 } },
  },
  { agent: 'researcher', wants: 'to read a page', action: { intent: 'web.read', target: 'example.com/prices' } },
  { agent: 'researcher', wants: 'to ask a model, for 4 cents', action: question, spends: '0.04' },
  { agent: 'researcher', wants: 'to ask again', action: question, spends: '0.04' },
  { agent: 'researcher', wants: 'to ask a third time', action: question, spends: '0.04' },
];

/** One line about one scene. Names nothing that differs from one telling to the next. */
export function tellScene({ agent, wants, action }: Scene, team: string, decision: Decision): string {
  const call = action.target === undefined ? action.intent : `${action.intent}:${action.target}`;
  return `${agent} (${team}) wants ${wants}: ${call}\n    ${verdictOf(decision)}`;
}

function verdictOf(decision: Decision): string {
  const [reason] = decision.reasons;
  switch (decision.verdict) {
    case 'allow':
      return `allowed, by rule \`${reason?.rule ?? ''}\`; done and reported`;
    case 'ask':
      return `asked: a person has to decide. ${reason?.message ?? ''}`;
    case 'block':
      return `blocked: ${refusalOf(decision)}`;
  }
}

function refusalOf(decision: Decision): string {
  const [reason] = decision.reasons;
  return reason?.code === 'budget.exceeded' ? arithmeticOf(decision) : (reason?.message ?? '');
}

/** In figures, because the server's sentence names the run. */
function arithmeticOf({ budgets, reasons }: Decision): string {
  const budget = budgets.find(({ name }) => name === reasons[0]?.rule);
  const { cap = '?', spent = '?', asked = '?' } = budget ?? {};
  return `its run may spend ${cap} USD, has spent ${spent}, and asks for ${asked} more`;
}
