import { decisionEvents, type ActionDecided, type BudgetFigure, type EnforcementState } from '@countersign/decisions';
import { formatAmount, toIso, type Instant } from '@countersign/kernel';
import { sumOf } from './amounts.ts';
import { instanceName } from './budget-lines.ts';

/** A decision in a list: what was asked, what was answered, and why. */
export interface DecisionForPeople {
  readonly id: string;
  readonly position: number;
  readonly decidedAt: string;
  readonly agent: { readonly id: string; readonly name: string };
  readonly team: { readonly id: string; readonly name: string };
  readonly verdict: string;
  readonly intent: string;
  readonly target: string;
  readonly run: string | null;
  readonly user: string | null;
  readonly cost: unknown;
  /** First what decided, then what else matched. */
  readonly reasons: ActionDecided['reasons'];
  readonly retryAt: string | null;
}

/** A decision with everything that was recorded of it. */
export interface WholeDecision extends DecisionForPeople {
  readonly requestId: string;
  readonly keyId: string;
  readonly environment: string;
  readonly riskClass: string;
  readonly action: ActionDecided['action'];
  readonly redacted: readonly string[];
  readonly digest: ActionDecided['digest'];
  readonly price: unknown;
  readonly budgets: readonly FigureForPeople[];
  readonly rates: ActionDecided['rates'];
  readonly hold: { readonly expiresAt: string } | null;
  readonly approval: unknown;
  readonly shadow: NonNullable<ActionDecided['shadow']>;
  /** The position of the configuration that judged. */
  readonly epoch: number;
}

/** One budget as the decision saw it, before its own hold. */
export interface FigureForPeople {
  readonly policy: string;
  readonly budget: string;
  readonly scope: string;
  readonly instanceName: string;
  readonly unit: string;
  readonly window: string;
  readonly windowStart: string;
  readonly resetsAt: string | null;
  readonly cap: string;
  readonly spent: string;
  readonly held: string;
  readonly asked: string;
  readonly remaining: string;
}

/** A decision in its place in the ledger. */
export interface PlacedDecision {
  readonly position: number;
  readonly at: Instant;
  readonly decided: ActionDecided;
}

/** @throws {Error} when a recorded payload is not what its type says, which only a defect can cause. */
export const readDecided = (payload: string): ActionDecided => decisionEvents.ActionDecided.parse(JSON.parse(payload));

export function decisionForPeople({ position, at, decided }: PlacedDecision): DecisionForPeople {
  const { decisionId, agent, action, verdict, reasons, retryAt } = decided;
  return {
    id: decisionId,
    position,
    decidedAt: toIso(at),
    agent: { id: agent.id, name: agent.name },
    team: { id: agent.team, name: agent.teamName },
    verdict,
    intent: action.intent,
    target: action.target,
    run: action.run ?? null,
    user: action.user ?? null,
    cost: action.cost ?? null,
    reasons,
    retryAt: retryAt === null ? null : toIso(retryAt),
  };
}

export function wholeDecision(placed: PlacedDecision, state: EnforcementState): WholeDecision {
  const { decided } = placed;
  const { agent, approval, hold } = decided;
  return {
    ...decisionForPeople(placed),
    requestId: decided.requestId,
    keyId: agent.key,
    environment: agent.environment,
    riskClass: agent.riskClass,
    action: decided.action,
    redacted: decided.redacted ?? [],
    digest: decided.digest,
    price: decided.price ?? null,
    budgets: decided.budgets.map((figure) => figureForPeople(figure, state)),
    rates: decided.rates,
    hold: hold && { expiresAt: toIso(hold.expiresAt) },
    approval: approval && { ...approval, expiresAt: toIso(approval.expiresAt) },
    shadow: decided.shadow ?? [],
    epoch: decided.epoch,
  };
}

function figureForPeople(figure: BudgetFigure, state: EnforcementState): FigureForPeople {
  const { policy, budget, scope, instance, unit, window, windowStart, windowEnd, cap, spent, held, asked } = figure;
  return {
    policy,
    budget,
    scope,
    instanceName: instanceName(scope, instance, state),
    unit,
    window,
    windowStart: toIso(windowStart),
    resetsAt: windowEnd === null ? null : toIso(windowEnd),
    cap,
    spent,
    held,
    asked,
    remaining: remainingOf(figure),
  };
}

function remainingOf({ unit, cap, spent, held }: BudgetFigure): string {
  const [capped, used, set] = [cap, spent, held].map((text) => sumOf(unit, text)) as [bigint, bigint, bigint];
  return formatAmount(unit, capped - used - set);
}
