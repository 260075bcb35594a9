import { counterKey, type CounterKey } from '@countersign/budgets';
import { extensionsOf, permitCodes, shortfallToday, type Approval, type Electorate } from '@countersign/approvals';
import { parseAmount } from '@countersign/kernel';
import type { Action } from './action.ts';
import { decide, type Asked, type Facts, type Judgement, type Passage } from './decide.ts';
import type { RecordedReason } from './decision.events.ts';
import type { Judged } from './judge.ts';

/** An attempt to take a permit that is free, with the action that was approved. */
export interface Taking {
  readonly approval: Approval;
  readonly action: Action;
  readonly judged: Judged;
  readonly asked: Asked;
}

export interface DecidedTaking {
  readonly judgement: Judgement;
  /** A policy of today blocks what it was for. Otherwise a refused take leaves the permit as it was. */
  readonly isVoid: boolean;
}

const unwritten = { policy: null, version: null, layer: null, rule: null, line: null } as const;

/** A reason that is about the permit itself. */
export const permitReason = (code: keyof typeof permitCodes, effect: 'allow' | 'block'): RecordedReason => ({
  ...unwritten,
  code,
  effect,
  message: permitCodes[code],
});

/**
 * Judges again at the take all that was judged at the ask (I5): stops, rates, budgets and today's policies. What policies
 * ask today passes only by the votes that were given; caps are as people raised them for this action. Pure: the event
 * that holds the money takes the permit.
 */
export function decideTaking(
  { approval, action, judged, asked }: Taking,
  facts: Facts,
  electorate: Electorate,
): DecidedTaking {
  const isVoid = judged.evaluation.verdict === 'block';
  const judgement = decide(judged, action, { ...facts, passage: passageOfPermit(approval) }, asked);
  if (judgement.verdict === 'block') return { judgement, isVoid };
  // Somebody else has spent what people had added, or a budget asks that did not ask then.
  if (judgement.verdict === 'ask') return { judgement: refused(judgement, []), isVoid };

  const own = facts.asker.team.name;
  const requirements = judged.evaluation.requirements.map(({ team, quorum }) => ({ team: team ?? own, quorum }));
  const shortfall = shortfallToday(approval, requirements, electorate);
  return { judgement: shortfall === null ? judgement : refused(judgement, [permitReason(shortfall, 'block')]), isVoid };
}

/** How the approved action passes, and over which caps. */
export const passageOfPermit = (approval: Approval): Passage => ({
  reason: permitReason('permit.used', 'allow'),
  raises: raisesOf(approval),
});

function raisesOf(approval: Approval): ReadonlyMap<CounterKey, bigint> {
  const raises = new Map<CounterKey, bigint>();
  for (const extension of extensionsOf(approval)) {
    const key = counterKey(extension);
    raises.set(key, (raises.get(key) ?? 0n) + parseAmount(extension.unit, extension.amount));
  }
  return raises;
}

/** Nobody is asked at a take, so what money asks refuses, and comes first. */
function refused(judgement: Judgement, why: readonly RecordedReason[]): Judgement {
  const others = judgement.reasons.filter(({ code }) => code !== 'permit.used');
  const money = others.filter(isOfMoney).map((reason) => ({ ...reason, effect: 'block' as const }));
  const reasons = [...why, ...money, ...others.filter((reason) => !isOfMoney(reason))];
  return { ...judgement, verdict: 'block', reasons, requirements: [], budgetAsks: [], holdExpiresAt: null, held: [] };
}

const isOfMoney = ({ code }: RecordedReason) => code === 'budget.exceeded';
