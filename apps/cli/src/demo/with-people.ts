import { ActionAwaitsApproval, ActionBlocked, ActionDenied, type Action, type Countersign } from '@countersign/sdk';
import type { Asking, SignedIn, Verdict } from '../people/signed-in.ts';

/** Who plays in the scenes with people. */
export interface Stage {
  readonly clients: ReadonlyMap<string, Countersign>;
  readonly people: ReadonlyMap<string, SignedIn>;
  readonly run: string;
}

type Wish = Omit<Action, 'requestId' | 'run'>;

const payment: Wish = { intent: 'payment.send', target: 'acme', args: { amount: 1_250 } };
const refund: Wish = { intent: 'refund.issue', target: 'order-78', args: { amount: 400 } };
const largeRefund: Wish = { intent: 'refund.issue', target: 'order-79', args: { amount: 900 } };
const smallRefund: Wish = { intent: 'refund.issue', target: 'order-80', args: { amount: 20 } };
const share: Wish = { intent: 'report.share', target: 'partners' };

/** Uses that mary gives. */
const USES = 3;

/** Agents that wait for people, and people who answer. Told in this order; nothing waits when it ends. */
export const scenesWithPeople: readonly ((stage: Stage) => Promise<string>)[] = [
  async (stage) => {
    const told = await ask(stage, 'accountant', payment, [
      ['grace', { verdict: 'approve' }],
      ['edsger', { verdict: 'approve' }],
    ]);
    return tell('accountant (treasury) wants to pay an invoice: payment.send:acme', told);
  },
  async (stage) => {
    const feedback = 'offer a voucher instead';
    const told = await ask(stage, 'concierge', refund, [['barbara', { verdict: 'deny', feedback }]]);
    return tell('concierge (support) wants to refund 400 USD: refund.issue:order-78', told);
  },
  async (stage) => {
    const told = await ask(stage, 'concierge', largeRefund, [['grace', { verdict: 'approve' }, 'when it escalates']]);
    return tell('concierge (support) wants to refund 900 USD: refund.issue:order-79', told);
  },
  async (stage) => {
    const grant = { pattern: 'report.share:partners', when: 'true', uses: USES };
    const told = await ask(stage, 'researcher', share, [['mary', { verdict: 'approve', grant }]]);
    const later = await useUp(stage);
    return tell('researcher (research) wants to share a report: report.share:partners', [...told, ...later]);
  },
  async (stage) => {
    const lift = await personOf(stage, 'ada').stopAgent('concierge', 'refunds look odd');
    // Whatever happens, the next telling begins without it.
    const during = await outcomeOf(stage, 'concierge', smallRefund).finally(lift);
    const after = await outcomeOf(stage, 'concierge', smallRefund);
    return tell('ada stops the concierge, who wants to refund 20 USD: refund.issue:order-80', [
      during,
      `ada lifts the stop: ${after}`,
    ]);
  },
];

const tell = (what: string, lines: readonly string[]) => [what, ...lines.map((line) => `    ${line}`)].join('\n');

type Answers = readonly (readonly [name: string, verdict: Verdict, since?: 'when it escalates'])[];

/** One guarded action from the question to its end, and what was said on the way. */
async function ask(stage: Stage, agent: string, wish: Wish, answers: Answers): Promise<readonly string[]> {
  const lines: string[] = [];
  const broken = new AbortController();
  let answering: Promise<void> | undefined;
  const onProgress = ({ id }: { readonly id: string }) => {
    answering ??= answerAll(stage, id, answers, lines).catch((error: unknown) => broken.abort(error));
  };
  const end = await outcomeOf(stage, agent, { ...wish, wait: { forSeconds: 60, onProgress, signal: broken.signal } });
  await answering;
  broken.signal.throwIfAborted();
  return [...lines, end];
}

async function answerAll(stage: Stage, approvalId: string, answers: Answers, lines: string[]): Promise<void> {
  for (const [index, [name, verdict, since]] of answers.entries()) {
    const person = personOf(stage, name);
    // An owner sees what waits for any team.
    if (index === 0) lines.push(askedOf(await personOf(stage, 'ada').look(approvalId)));
    if (since) lines.push(await escalated(person, approvalId));
    // Said first: the agent may be told before the answer to the person arrives.
    lines.push(wordsOf(name, verdict));
    await person.answer(approvalId, verdict);
  }
}

async function escalated(person: SignedIn, approvalId: string): Promise<string> {
  await person.awaitTurn(approvalId);
  const { requirements } = await person.look(approvalId);
  return `nobody answers, and it goes on to ${requirements[0]?.teams.at(-1) ?? ''}`;
}

function askedOf({ requirements }: Asking): string {
  const [first] = requirements;
  if (!first) return 'asked';
  const many = first.quorum === 1 ? 'one person' : `${first.quorum} people`;
  const later = first.escalatesTo === null ? '' : `; if nobody answers, it goes on to ${first.escalatesTo}`;
  return `asked: ${many} of ${first.team} must say yes${later}`;
}

function wordsOf(name: string, { verdict, feedback, grant }: Verdict): string {
  if (verdict === 'deny') return `${name} says no: ${feedback ?? ''}`;
  return grant ? `${name} says yes, and grants the next ${grant.uses}` : `${name} says yes`;
}

/** The grant, until it is used up: then people are asked again, and nobody is kept waiting for the end of the story. */
async function useUp(stage: Stage): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let use = 1; use <= USES + 1; use += 1)
    lines.push(await outcomeOf(stage, 'researcher', { ...share, wait: false }));
  return [
    lines.slice(0, USES).every((line) => line === lines[0])
      ? `${USES} times more: ${lines[0] ?? ''}`
      : lines.join(', '),
    `once more: ${lines.at(-1) ?? ''}`,
  ];
}

type Guarded = Parameters<Countersign['guard']>[0];

async function outcomeOf({ clients, run }: Stage, agent: string, action: Guarded): Promise<string> {
  const client = clients.get(agent);
  if (!client) throw new Error(`nobody plays ${agent}`);
  let by = '';
  try {
    await client.guard({ ...action, run }, async ({ decision }) => {
      by = decision.reasons.some(({ code }) => code === 'grant.used') ? 'by the grant' : whoAllowed(decision.verdict);
      return { result: null };
    });
    return `done ${by}, and reported`;
  } catch (error) {
    return refusalOf(error, client);
  }
}

const whoAllowed = (verdict: string) => (verdict === 'ask' ? 'by the permit, once' : 'by rule');

async function refusalOf(error: unknown, client: Countersign): Promise<string> {
  if (error instanceof ActionDenied) return `denied: the agent is told "${error.feedback ?? ''}"`;
  if (error instanceof ActionBlocked) return `blocked: ${error.code}`;
  if (!(error instanceof ActionAwaitsApproval) || !error.decision) throw error;
  await client.cancel(error.decision.id);
  return 'asked again, and taken back';
}

function personOf({ people }: Stage, name: string): SignedIn {
  const person = people.get(name);
  if (!person) throw new Error(`nobody plays ${name}`);
  return person;
}
