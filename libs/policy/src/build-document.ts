import { buildBudgets, buildMaxNews, buildPrices, buildRates } from './build-budgets.ts';
import { buildRules, checkTarget } from './build-rules.ts';
import { amountIn, report, type Drafting } from './drafting.ts';
import type { ModelLists, PolicyDocument } from './policy-document.ts';
import { AT, type PlacedPolicy } from './policy-source.ts';
import type { UnknownPrice } from './policy.evaluation.ts';

/** Resolves units, short forms and places, and reports what no schema can see. */
export function buildDocument(policy: PlacedPolicy, draft: Drafting): PolicyDocument {
  for (const { match, [AT]: path } of policy.neverAutoApprove ?? []) checkTarget(match, path, draft);
  checkRecording(policy, draft);
  return {
    text: draft.text,
    ...headOf(policy, draft),
    rules: buildRules(policy, draft),
    neverAutoApprove: (policy.neverAutoApprove ?? []).map(({ match, [AT]: path }) => ({
      match,
      line: draft.yaml.locate(path).line,
    })),
    budgets: buildBudgets(policy, draft),
    rates: buildRates(policy, draft),
    maxNews: buildMaxNews(policy, draft),
    models: modelsOf(policy, draft),
    prices: buildPrices(policy, draft),
    unknownPrice: unknownPriceOf(policy, draft),
    ...tellingOf(policy),
  };
}

const headOf = ({ name, description, mode, default: otherwise }: PlacedPolicy, { yaml }: Drafting) => ({
  name,
  description: description ?? null,
  mode: mode ?? 'enforce',
  default: otherwise ?? null,
  defaultLine: otherwise === undefined ? null : yaml.locateKey(['default']).line,
});

const tellingOf = ({ explain, record, redact }: PlacedPolicy) => ({
  explain: explain ?? null,
  record: record ?? null,
  redact: redact ?? [],
});

function modelsOf({ models }: PlacedPolicy, { yaml }: Drafting): ModelLists | null {
  return models
    ? { allow: models.allow ?? null, deny: models.deny ?? null, line: yaml.locateKey(['models']).line }
    : null;
}

function unknownPriceOf({ unknownPrice }: PlacedPolicy, draft: Drafting): UnknownPrice | null {
  if (unknownPrice === undefined || typeof unknownPrice === 'string') return unknownPrice ?? null;
  return { assumeNanos: amountIn('usd', unknownPrice.assume, ['unknownPrice', 'assume'], draft) };
}

/** Who is asked must be able to see what they are asked about. */
function checkRecording(policy: PlacedPolicy, draft: Drafting): void {
  if (!asksPeople(policy)) return;
  if (policy.record === 'digest')
    report(draft, {
      code: 'policy.hidden_from_approver',
      path: ['record'],
      message:
        'This policy asks people, and `record: digest` would keep from them what they must judge: use `redact` for what they need not see.',
    });
  policy.redact?.forEach((path, index) => {
    if (path !== 'args' && path !== 'target') return;
    const message = `This policy asks people, and they must see \`${path}\`: redact only paths inside \`args\`.`;
    report(draft, { code: 'policy.hidden_from_approver', path: ['redact', index], message });
  });
}

const asksPeople = ({ ask, default: otherwise, unknownPrice, neverAutoApprove, budgets }: PlacedPolicy) =>
  ask !== undefined ||
  otherwise === 'ask' ||
  unknownPrice === 'ask' ||
  neverAutoApprove !== undefined ||
  budgets?.some(({ onExceed }) => onExceed === 'ask') === true;
