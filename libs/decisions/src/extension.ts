import { instant, type DecisionId, type Instant } from '@countersign/kernel';
import { askedOf, decide, keysOf, type Facts, type Moment } from './decide.ts';
import type { Action } from './action.ts';
import type { DecisionEvent } from './decision.events.ts';
import type { Hold } from './hold.ts';
import type { Asker, Judged } from './judge.ts';

/** What a running action asks for besides what it holds. */
export interface ExtensionAsked {
  readonly decisionId: DecisionId;
  readonly hold: Hold;
  readonly extension: {
    readonly extensionId: string;
    /** In seconds, from now. */
    readonly holdFor?: number | undefined;
  };
  /** The action with the extension's cost in place of its own. */
  readonly asked: Action;
  readonly judged: Judged;
}

type ExtensionDecided = Extract<DecisionEvent, { type: 'ExtensionDecided' }>['data'];

/**
 * Decides more money or more time like an action: by today's policies, and by every budget's cap. It is no new call,
 * so neither rates nor budgets of calls count it again. Refused, the hold stays as it was.
 */
export function decideExtension(
  { decisionId, hold, extension, asked, judged }: ExtensionAsked,
  facts: Facts,
): ExtensionDecided {
  const { verdict, reasons, budgets, retryAt } = decide(withoutCall(judged, asked), asked, facts);
  const wanted = extension.holdFor === undefined ? hold.expiresAt : facts.now + extension.holdFor * 1_000;
  // Asking for money must not shorten the time already given.
  const expiresAt: Instant = verdict === 'allow' ? instant(Math.max(wanted, hold.expiresAt)) : hold.expiresAt;
  const { extensionId } = extension;
  return { decisionId, extensionId, verdict, reasons: [...reasons], budgets: [...budgets], expiresAt, retryAt };
}

/** The counters that deciding an extension reads. */
export const extensionKeysOf = (judged: Judged, asker: Asker, asked: Action, when: Moment) =>
  keysOf(askedOf(withoutCall(judged, asked), asker, asked, when));

function withoutCall({ evaluation, metered }: Judged, asked: Action): Judged {
  const usd = asked.cost === undefined ? 0n : metered.amounts.usd;
  const tokens = asked.cost === undefined ? 0n : (metered.amounts.tokens ?? 0n);
  return {
    evaluation: { ...evaluation, rates: [], maxNews: [] },
    metered: { ...metered, amounts: { usd, tokens, calls: 0n } },
  };
}
