export { contains, WindowKind, type Window } from './window.ts';
export { createCalendar, type Calendar, type ZoneHistory } from './calendar.ts';

export { BudgetScope, instanceOf, type Amounts, type SelectedBudget, type Subject } from './selected-budget.ts';
export { addressOfKey, counterKey, figuresOf, fits, moved, unused } from './counter.ts';
export type { Counter, CounterAddress, CounterKey, Figures, Movement } from './counter.ts';
export { correct, expire, release, settle, type HoldEntry, type SettledEntry } from './hold.ts';
export { movementsOfCorrection, movementsOfEnd, movementsOfHold } from './hold.ts';

export { demandsOf, type Ask, type Demand, type Demands, type Missing } from './demand.ts';
export { effectOf, holdAll, retryAtOf, type Counters, type HoldOutcome, type Standing } from './hold-all.ts';
export { isMostlyPresumed, warningsCrossed } from './warning.ts';
export { budgetCodes, isWiderThanAgent, withoutFigures, type BudgetCode, type BudgetReason } from './reason.ts';
export { reasonOfExceeded, reasonOfMaxNew, reasonOfMissing, reasonOfRate } from './reason.ts';

export { isIdle, maxNewKey, RATE_MAX, rateKey, recorded, tooMany } from './rate.ts';
export type { RateLimit, RateLog, SelectedMaxNew, SelectedRate, TooMany } from './rate.ts';

export { ActionCost, costCodes, OutcomeCost, TOKENS_MAX } from './cost.ts';
export { bundledPriceBook, type BookEntry, type PriceBook, type TokenRates } from './price-book.ts';
export { outputTokensMaxOf, priceOf, type Priced, type PriceRule, type Pricing, type TokenCounts } from './price.ts';
export { assuming, meterAction, meterOutcome, PriceRecord, type Metered } from './metering.ts';

export { budgetEvents, decodeHold, decodeSettlement, encodeHold, encodeSettlement } from './budget.events.ts';
export { HoldRecord, SettlementRecord, type BudgetEvent } from './budget.events.ts';
export { movementsOfOpening, openingOf, type PastAction } from './opening.ts';
