/**
 * The semantics of policies a second time, as plainly as they can be said and as slowly as that makes them. It shares
 * no code with the engine: it has its own YAML reading, its own matcher, the CEL library's own evaluator, and its own
 * way of combining. Where the two disagree, one of them is wrong.
 */
import { Environment } from '@marcbachmann/cel-js';
import { parse } from 'yaml';

type Effect = 'block' | 'ask' | 'allow';

interface WrittenRule {
  match: string;
  when?: string;
  holdFor?: string;
  approval?: { team?: string; quorum?: number; expiresIn?: string };
}

interface Written {
  name: string;
  mode?: 'enforce' | 'shadow';
  default?: 'block' | 'ask' | 'abstain';
  allow?: (string | WrittenRule)[];
  ask?: (string | WrittenRule)[];
  block?: (string | WrittenRule)[];
  neverAutoApprove?: string[];
  budgets?: { name: string; match?: string; scope: string }[];
  limits?: Record<string, number>;
  models?: { allow?: string[]; deny?: string[] };
}

export interface NaiveAttachment {
  layer: string;
  point: string;
  text: string;
}

export interface NaiveAction {
  intent: string;
  target: string;
  args: unknown;
  team: string;
  model: string | null;
}

/** What is compared: everything a caller acts on, as text. */
export interface NaiveAnswer {
  verdict: Effect;
  reasons: string[];
  requirements: string[];
  budgets: string[];
  shadow: string[];
  holdForMs: number | null;
  neverAutoApprove: boolean;
}

/** By trying every way to spend the star. */
export function wild(pattern: string[], text: string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return text.length === 0;
  if (head === '*') return wild(rest, text) || (text.length > 0 && wild(pattern, text.slice(1)));
  return text[0] === head && wild(rest, text.slice(1));
}

const seen = (text: string) =>
  [...text]
    .filter((character) => !['\u200b', '\u00ad', '\ufe0f'].includes(character))
    .map((character) => (character === '*' ? character : character.normalize('NFKC').toLowerCase()))
    .join('');

function selects(match: string, { intent, target }: NaiveAction, isGuard: boolean): boolean {
  const colon = match.indexOf(':');
  const left = colon < 0 ? match : match.slice(0, colon);
  const right = colon < 0 ? '*' : match.slice(colon + 1);
  if (!wild([...left.toLowerCase()], [...intent.toLowerCase()])) return false;
  return wild([...right], [...target]) || (isGuard && wild([...seen(right)], [...seen(target)]));
}

const language = new Environment({ unlistedVariablesAreDyn: true })
  .registerFunction('sum(list): double', (list: number[]) => {
    if (!list.every((item) => typeof item === 'number')) throw new Error('not a number');
    return list.reduce((total, item) => total + Math.round(item * 1000), 0) / 1000;
  })
  // Stricter than CEL, on purpose: different kinds cannot be compared, rather than being different.
  .registerFunction('same(dyn, string): bool', (a: unknown, b: string) => {
    if (typeof a !== 'string') throw new Error('not a string');
    return a === b;
  });

function holds(when: string, action: NaiveAction): 'yes' | 'no' | 'error' {
  const doubles = when
    .replace(/(?<![\w."])(\d+)(?![\w."])/g, '$1.0')
    .replace(/(args\.\w+) == ("\w+")/g, 'same($1, $2)');
  try {
    const value: unknown = language.evaluate(doubles, {
      args: action.args,
      intent: action.intent,
      target: action.target,
    });
    if (typeof value !== 'boolean') return 'error';
    return value ? 'yes' : 'no';
  } catch {
    return 'error';
  }
}

interface Said {
  effect: Effect;
  reason: string;
  approval?: WrittenRule['approval'];
  holdFor?: string;
}

const strictness: Effect[] = ['block', 'ask', 'allow'];

/** What the rules of one policy say, in the order of its text. */
function said(policy: Written, layer: string, action: NaiveAction): Said[] {
  const effects = Object.keys(policy).filter((key): key is Effect => strictness.includes(key as Effect));
  return effects.flatMap((effect) =>
    (policy[effect] ?? [])
      .map((entry): WrittenRule => (typeof entry === 'string' ? { match: entry } : entry))
      .filter(({ match }) => selects(match, action, effect === 'block'))
      .flatMap((rule) => saidBy(rule, effect, `${policy.name} ${layer} ${rule.match}`, action)),
  );
}

function saidBy({ when, approval, holdFor }: WrittenRule, effect: Effect, name: string, action: NaiveAction): Said[] {
  const outcome = when === undefined ? 'yes' : holds(when, action);
  if (outcome === 'no') return [];
  if (outcome === 'error') return [{ effect: 'block', reason: `policy.error ${name}` }];
  const rule: Said = { effect, reason: `policy.rule ${name}` };
  if (effect === 'ask') rule.approval = approval ?? {};
  if (holdFor !== undefined) rule.holdFor = holdFor;
  return [rule];
}

const defaultOf = (policy: Written, layer: string) => policy.default ?? (layer === 'agent' ? 'block' : 'abstain');

/** Policies at one point, as one policy: rules united, models united, strictest default. */
function saidAtPoint(policies: Written[], layer: string, action: NaiveAction): { rules: Said[]; others: Said[] } {
  const rules = policies.flatMap((policy) => said(policy, layer, action));
  const others: Said[] = [];
  const model = modelComplaint(policies, layer, action);
  if (model !== null) others.push(model);
  if (rules.length + others.length === 0)
    for (const effect of ['block', 'ask'] as const) {
      const policy = policies.find((each) => defaultOf(each, layer) === effect);
      if (policy === undefined) continue;
      others.push({
        effect,
        reason: `policy.default ${policy.name} ${layer} null`,
        ...(effect === 'ask' && { approval: {} }),
      });
      break;
    }
  return { rules, others };
}

const modelOf = ({ model, intent, target }: NaiveAction) =>
  model ?? (/^(ai|llm|image|audio|embedding)\./i.test(intent) ? target : null);

function modelComplaint(policies: Written[], layer: string, action: NaiveAction): Said | null {
  const listing = policies.filter(({ models }) => models !== undefined);
  const used = modelOf(action);
  if (listing.length === 0 || used === null) return null;
  const allowing = listing.filter(({ models }) => models?.allow);
  const denying = listing.filter(({ models }) => models?.deny);
  const isDenied = denying.some(({ models }) => models?.deny?.some((deny) => wild([...seen(deny)], [...seen(used)])));
  const isAllowed = allowing.some(({ models }) => models?.allow?.some((allow) => wild([...allow], [...used])));
  const complain = (code: string, [first]: Written[]): Said => ({
    effect: 'block',
    reason: `${code} ${first?.name ?? ''} ${layer} null`,
  });
  if (used === '') return complain('models.missing', listing);
  if (isDenied) return complain('models.not_allowed', denying);
  return allowing.length === 0 || isAllowed ? null : complain('models.not_allowed', allowing);
}

function strictest(all: Said[]): Effect | null {
  return strictness.find((effect) => all.some((each) => each.effect === effect)) ?? null;
}

const byStrictness = (all: Said[]) => strictness.flatMap((effect) => all.filter((each) => each.effect === effect));

export function interpret(attachments: NaiveAttachment[], action: NaiveAction): NaiveAnswer {
  const order = ['organization', 'team', 'agent', 'user'];
  const read = order.flatMap((layer) =>
    attachments
      .filter((each) => each.layer === layer)
      .map((each) => ({ ...each, policy: parse(each.text) as Written })),
  );
  const enforced = read.filter(({ policy }) => policy.mode !== 'shadow');
  const points = [...new Set(enforced.map(({ layer, point }) => `${layer}/${point}`))];
  const perPoint = points.map((key) => {
    const here = enforced.filter(({ layer, point }) => `${layer}/${point}` === key);
    return saidAtPoint(
      here.map(({ policy }) => policy),
      here[0]?.layer ?? '',
      action,
    );
  });
  const all = [...perPoint.flatMap(({ rules }) => rules), ...perPoint.flatMap(({ others }) => others)];
  const people = enforced.flatMap(({ policy, layer }) =>
    (policy.neverAutoApprove ?? [])
      .filter((match) => selects(match, action, true))
      .map((match): Said => ({ effect: 'ask', reason: `policy.rule ${policy.name} ${layer} ${match}` })),
  );
  const shadow = read
    .filter(({ policy }) => policy.mode === 'shadow')
    .flatMap(({ policy, layer }) => {
      const { rules, others } = saidAtPoint([policy], layer, action);
      const verdict = strictest([...rules, ...others]);
      return verdict === null ? [] : [`${policy.name}: ${verdict}`];
    });
  return {
    ...conclude(all, people, action),
    budgets: budgetsOf(enforced, action),
    shadow,
    holdForMs: shortestHold(all),
    neverAutoApprove: people.length > 0,
  };
}

function conclude(
  all: Said[],
  people: Said[],
  { team }: NaiveAction,
): Pick<NaiveAnswer, 'verdict' | 'reasons' | 'requirements'> {
  const verdict = strictest(all);
  if (verdict === null) return { verdict: 'block', reasons: ['policy.none'], requirements: [] };
  const needsPeople = people.length > 0 && verdict !== 'block';
  const heard = needsPeople ? [...all, ...people] : all;
  const asked = all.flatMap(({ approval }) => approval ?? []);
  const asks = needsPeople && verdict === 'allow' ? [{}] : asked;
  const final = needsPeople ? 'ask' : verdict;
  return {
    verdict: final,
    reasons: byStrictness(heard).map(({ reason }) => reason),
    requirements: final === 'ask' ? require(asks, team) : [],
  };
}

const minutes = (text: string | undefined) => (text === undefined ? 1440 : Number(text.slice(0, -1)));

function require(asks: NonNullable<WrittenRule['approval']>[], own: string): string[] {
  const teams = [...new Set(asks.map(({ team }) => team ?? own))];
  return teams.map((team) => {
    const same = asks.filter((ask) => (ask.team ?? own) === team);
    return `${team} ${Math.max(...same.map(({ quorum }) => quorum ?? 1))} ${Math.min(...same.map(({ expiresIn }) => minutes(expiresIn)))}m`;
  });
}

function shortestHold(all: Said[]): number | null {
  const holds = all.flatMap(({ holdFor }) => (holdFor === undefined ? [] : [Number(holdFor.slice(0, -1)) * 1000]));
  return holds.length === 0 ? null : Math.min(...holds);
}

function budgetsOf(enforced: { policy: Written; layer: string }[], action: NaiveAction): string[] {
  const isModel = /^(ai|llm|image|audio|embedding)\./i.test(action.intent) || action.model !== null;
  const found = enforced.flatMap(({ policy, layer }) => [
    ...(policy.budgets ?? [])
      .filter(({ match = '*' }) => selects(match, action, true))
      .map(({ name, scope }) => `${policy.name}/${name}/${scope}`),
    ...Object.keys(policy.limits ?? {})
      .filter((name) => (name.startsWith('ai') ? isModel : action.intent.toLowerCase().startsWith('llm.')))
      .map((name) => `${policy.name}/${name}/${layer === 'user' ? 'user' : 'agent'}`),
  ]);
  return [...new Set(found)].sort();
}
