export { approvalCodes, clientCodes } from './client-codes.ts';
export { countersign, type Countersign, type CountersignOptions } from './countersign.ts';
export {
  ActionAwaitsApproval,
  ActionBlocked,
  ActionCancelled,
  ActionDenied,
  CountersignError,
  DecisionUnavailable,
  ReportFailed,
} from './errors.ts';
export type { Done, GuardedAction, Permission } from './guard.ts';
export type { OnReportFailed, ReportFailure } from './reporter.ts';
export type { OpenQuestion, Waiting } from './waiting.ts';
export type {
  Action,
  Approval,
  Decision,
  DecisionDetail,
  Extension,
  ExtensionAnswer,
  Outcome,
  OutcomeAnswer,
  Question,
  QuestionAnswer,
  Take,
} from './wire.ts';
