import type { DecisionRecord, LaterEvent, WholeDecision } from '@countersign/surface';
import { amountWords } from './money.ts';
import { paintVerdict, type Paint } from './paint.ts';
import { visible } from './table.ts';

type Reason = WholeDecision['reasons'][number];
type Figure = WholeDecision['budgets'][number];

/** A decision as sentences that can be read aloud: what was asked, what was answered, why, and what came of it. */
export function explainDecision(record: DecisionRecord, paint: Paint): string {
  const after = record.after.map(laterSentence);
  if (record.isErased)
    return [
      `What was decided at position ${record.position} was erased; that it was decided, and when, is still provable.`,
      ...after,
    ].join('\n');

  const { decision } = record;
  return [
    askedSentence(decision),
    `The answer was ${paintVerdict(paint, decision.verdict)}.`,
    ...reasonSentences(decision),
    ...decision.budgets.map(figureSentence),
    ...standingSentences(decision),
    ...after,
    recordSentence(decision),
  ].join('\n');
}

function askedSentence({ decidedAt, agent, team, action, run, user }: WholeDecision): string {
  const target = action.target === '' ? '' : ` on \`${visible(action.target)}\``;
  const where = [
    run === null ? '' : `, in run \`${visible(run)}\``,
    user === null ? '' : `, for user \`${visible(user)}\``,
  ].join('');
  const said = action.reason === undefined ? '' : ` It said why: “${visible(action.reason)}”`;
  return `On ${dayAndTime(decidedAt)}, agent ${agent.name} of team ${team.name} asked to do \`${action.intent}\`${target}${where}${costWords(action.cost)}.${said}`;
}

/** 2026-11-20 at 09:30:00 UTC. */
function dayAndTime(iso: string): string {
  const [day = '', time = ''] = iso.split('T');
  return `${day} at ${time.replace(/(\.000)?Z$/, '')} UTC`;
}

function costWords(cost: WholeDecision['action']['cost']): string {
  if (cost === undefined) return '';
  const { usd, provider, model } = cost;
  if (usd !== undefined) return `, at a cost of ${amountWords('usd', usd)}`;
  return model === undefined ? '' : `, using ${visible(model)} of ${visible(provider ?? 'an unnamed provider')}`;
}

function reasonSentences({ verdict, reasons }: WholeDecision): readonly string[] {
  const deciding = reasons.filter(({ effect }) => effect === verdict);
  const others = reasons.filter(({ effect }) => effect !== verdict);
  return [
    ...deciding.map((reason) => `Because: ${reasonWords(reason)}`),
    ...others.map((reason) => `It also matched: ${reasonWords(reason)}`),
  ];
}

function reasonWords({ message, policy, version, layer, rule, line, code }: Reason): string {
  const place = line === null ? '' : `, line ${line}`;
  const named = rule === null ? '' : `, rule \`${visible(rule)}\``;
  const origin =
    policy === null ? code : `policy ${policy}, version ${version}, attached to the ${layer}${named}${place}; ${code}`;
  return `${visible(message)} (${origin})`;
}

function figureSentence({
  budget,
  policy,
  scope,
  instanceName,
  window,
  unit,
  cap,
  spent,
  held,
  asked,
  remaining,
  resetsAt,
}: Figure): string {
  const say = (amount: string) => amountWords(unit, amount);
  const span = window === 'total' ? 'in total' : `for the ${window}`;
  const end = resetsAt === null ? 'It never resets.' : `It resets on ${dayAndTime(resetsAt)}.`;
  return `Budget ${budget} of policy ${policy} caps ${scope} ${visible(instanceName)} at ${say(cap)} ${span}: ${say(spent)} had been spent and ${say(held)} were held, so ${say(remaining)} remained when ${say(asked)} were asked. ${end}`;
}

function standingSentences({ verdict, hold, budgets, retryAt, approval, redacted }: WholeDecision): readonly string[] {
  return [
    ...(hold && budgets.length > 0 ? [`The amounts asked were set aside until ${dayAndTime(hold.expiresAt)}.`] : []),
    ...(verdict === 'block' ? [retryWords(retryAt)] : []),
    ...(approval ? ['It waits for people to decide.'] : []),
    ...(redacted.length > 0
      ? [`Not recorded, because a policy hides it or it looked like a secret: ${redacted.map(visible).join(', ')}.`]
      : []),
  ];
}

const retryWords = (retryAt: string | null) =>
  retryAt === null
    ? 'Asked in the same way, it will not be allowed later either, unless a policy changes.'
    : `Asked again, it could be allowed from ${dayAndTime(retryAt)} on.`;

/** What happened afterwards, by the type of the event. */
function laterSentence({ type, recordedAt, by, data }: LaterEvent): string {
  const when = `On ${dayAndTime(recordedAt)}`;
  if (data === null) return `${when}, something was recorded whose content was erased since (${type}).`;
  return `${when}, ${deedWords(type, by, data as Readonly<Record<string, unknown>>)}`;
}

function deedWords(type: string, by: string, data: Readonly<Record<string, unknown>>): string {
  switch (type) {
    case 'OutcomeReported':
      return outcomeWords(data);
    case 'HoldExpired':
      return 'the hold expired without a report, so what was held is presumed spent.';
    case 'ExtensionDecided':
      return `the agent asked for more money or time, and the answer was ${String(data['verdict'])}.`;
    case 'HoldWidened':
      return 'a budget began to count the action while it ran, and holds what it asked for.';
    case 'HoldCorrected':
      return `${by} corrected what it cost: “${visible(String(data['reason'] ?? ''))}”`;
    case 'AskCancelled':
      return 'the agent took its question back.';
    default:
      return `${type} was recorded.`;
  }
}

function outcomeWords({ status, cost, isLate }: Readonly<Record<string, unknown>>): string {
  const usd = (cost as { usd?: string } | undefined)?.usd;
  const late = isLate === true ? ', after the hold had expired' : '';
  if (status === 'cancelled') return `the agent reported that it never started${late}; what was held was given back.`;
  const spent = usd === undefined ? '' : `, at a cost of ${amountWords('usd', usd)}`;
  return `the agent reported ${status === 'success' ? 'success' : 'an error'}${spent}${late}.`;
}

const recordSentence = ({ position, id }: WholeDecision) =>
  `It is recorded at position ${position} of the ledger; \`countersign receipt ${id} --verify\` proves it.`;
