export { Action, ActionContext, Intent } from './action.ts';
export {
  approvalStandingOf,
  approvalWordsOf,
  type ApprovalStanding,
  type ApprovalWords,
  type QuestionToAgent,
} from './approval-standing.ts';
export { passageOf, settleAsk, standInRules, withTooMany, type AskFacts, type AskSettlement } from './ask.ts';
export {
  openedBy,
  openingsOf,
  openingsStart,
  portioned,
  type BudgetOpened,
  type BudgetOpening,
} from './budget-openings.ts';
export { catalog, evolve, isConfiguration, lastConfigurationIndex, type AnyEvent } from './catalog.ts';
export {
  Commands,
  Configurations,
  decideConfiguration,
  isApprovalCommand,
  type Command,
  type CommandedEvent,
  type CommandOutcome,
  type CommandRejection,
  type ConfigurationCommand,
  type ConfigurationRejection,
} from './command.ts';
export {
  askedOf,
  decide,
  keysOf,
  type Asked,
  type Facts,
  type HeldEntry,
  type Judgement,
  type Passage,
} from './decide.ts';
export {
  decisionEvents,
  type ActionDecided,
  type BudgetFigure,
  type DecisionEvent,
  type OutcomeReported,
  type RecordedAction,
  type RecordedReason,
  type TakeDecided,
  type Verdict,
} from './decision.events.ts';
export { electorateOf, involvedWith } from './electorate.ts';
export { decideExtension, extensionKeysOf } from './extension.ts';
export { decisionStream } from './decision.stream.ts';
export {
  emptyEnforcement,
  partialEnforcement,
  type EnforcementState,
  type PartialEnforcement,
  type RateWindow,
} from './enforcement-state.ts';
export { chargedEntries, entriesOf, setAside, type Allowance, type Recorded } from './evolve-money.ts';
export {
  expired,
  extendedHistory,
  historyOf,
  type DecidedTake,
  type DecisionFact,
  type DecisionHistory,
} from './history.ts';
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
export { inputOf, judge, judgeAgain, pricingOf, subjectOf, type Asker, type Judged } from './judge.ts';
export { groundOf, type Ground } from './standing-grants.ts';
export { decideTaking, passageOfPermit, permitReason, type DecidedTaking, type Taking } from './take.ts';
export { PastActions } from './past-actions.ts';
export { runningIn, widenedBy, type HoldWidened } from './widened-holds.ts';
export { decideOutcome, OutcomeReport, type OutcomeRejection } from './outcome.ts';
export { decisionCodes } from './reasons.ts';
export {
  detailOf,
  isRepeatable,
  newStanding,
  reasonsTold,
  standingOf,
  takeViewOf,
  viewOf,
  type DecisionDetail,
  type DecisionView,
  type Standing,
} from './decision.view.ts';
export { DecisionAnswer, DecisionDetailAnswer, DecisionReason } from './decision.view.schema.ts';
