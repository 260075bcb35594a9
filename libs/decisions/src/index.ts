export { Action, ActionContext, Intent } from './action.ts';
export {
  openedBy,
  openingsOf,
  openingsStart,
  portioned,
  withCounters,
  type BudgetOpened,
  type BudgetOpening,
} from './budget-openings.ts';
export { catalog, evolve, lastConfigurationIndex, type AnyEvent } from './catalog.ts';
export {
  Commands,
  Configurations,
  decideConfiguration,
  type CommandedEvent,
  type CommandOutcome,
  type ConfigurationCommand,
  type ConfigurationRejection,
} from './command.ts';
export { decide, keysOf, type Facts, type Judgement } from './decide.ts';
export {
  decisionEvents,
  type ActionDecided,
  type BudgetFigure,
  type DecisionEvent,
  type OutcomeReported,
  type RecordedAction,
  type RecordedReason,
  type Verdict,
} from './decision.events.ts';
export { decideExtension, extensionKeysOf } from './extension.ts';
export { decisionStream } from './decision.stream.ts';
export {
  emptyEnforcement,
  partialEnforcement,
  type EnforcementState,
  type PartialEnforcement,
  type RateWindow,
} from './enforcement-state.ts';
export { chargedEntries, entriesOf, type Recorded } from './evolve-money.ts';
export { expired, historyOf, type DecisionFact, type DecisionHistory } from './history.ts';
export { EnforcementSnapshots } from './enforcement-snapshots.ts';
export {
  correctionRejectionCodes,
  decideCorrection,
  HoldCorrections,
  type CorrectionOutcome,
  type CorrectionRejection,
  type HoldCorrection,
} from './hold-corrections.ts';
export { loadHold, storeHold, type Hold } from './hold.ts';
export { judge, judgeAgain, pricingOf, subjectOf, type Asker, type Judged } from './judge.ts';
export { PastActions } from './past-actions.ts';
export { decideOutcome, OutcomeReport, type OutcomeRejection } from './outcome.ts';
export { decisionCodes } from './reasons.ts';
export {
  detailOf,
  isRepeatable,
  reasonsTold,
  standingOf,
  viewOf,
  type DecisionDetail,
  type DecisionView,
  type Standing,
} from './decision.view.ts';
export { DecisionAnswer, DecisionDetailAnswer, DecisionReason } from './decision.view.schema.ts';
