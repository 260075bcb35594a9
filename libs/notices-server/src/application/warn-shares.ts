import type { EnforcementState } from '@countersign/decisions';
import type { NoticeFacts } from '@countersign/notices';
import { compileText } from '@countersign/policy';

/** More texts than an organization has policies in force; old versions make room. */
const TEXTS_MAX = 500;

type Shares = ReadonlyMap<string, readonly number[]>;

const sharesByText = new Map<string, Shares>();

/** By budget; a text is read once, however often its budgets are touched. */
function sharesIn(document: string): Shares {
  const known = sharesByText.get(document);
  if (known) return known;

  if (sharesByText.size >= TEXTS_MAX) sharesByText.clear();
  const budgets = compileText(document).policy?.document.budgets ?? [];
  const shares = new Map(budgets.map(({ name, warnAt }) => [name, warnAt]));
  sharesByText.set(document, shares);
  return shares;
}

/** At which shares of its cap each budget warns, by the version that is in force. */
export const warnSharesOf =
  ({ policies }: EnforcementState): NoticeFacts['warnAt'] =>
  (policy, budget) => {
    const published = policies.get(policy as never);
    return (published && sharesIn(published.document).get(budget)) ?? [];
  };
