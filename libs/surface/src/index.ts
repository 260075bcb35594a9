export { ApprovalRows } from './adapters/approval-rows.ts';
export { DecisionRows, type PositionRange } from './adapters/decision-rows.ts';
export { GrantRows } from './adapters/grant-rows.ts';
export { MembershipRows, type Membership } from './adapters/membership-rows.ts';
export { MoneyRows } from './adapters/money-rows.ts';
export { OrganizationRows, type OrganizationName } from './adapters/organization-rows.ts';
export { ReadingDatabase } from './adapters/reading-database.ts';
export { StreamRows } from './adapters/stream-rows.ts';

export { ApprovalCommands } from './application/approval-commands.ts';
export { ApprovalElectorates } from './application/approval-electorates.ts';
export {
  ApprovalHistories,
  argsOf,
  commentsOf,
  feedbackOf,
  isEdited,
  questionsOf,
  votesOf,
  type ApprovalHistory,
  type CommentForPeople,
  type QuestionForPeople,
  type VoteForPeople,
} from './application/approval-history.ts';
export {
  ApprovalList,
  isPlace,
  placeOf,
  type ApprovalOrder,
  type ApprovalPage,
  type Look,
  type SeenApproval,
} from './application/approval-list.ts';
export { ApprovalsForPeople, type ApprovalForPeople, type WholeApproval } from './application/approvals-for-people.ts';
export { WireApprovalCommand } from './application/approval-wire.ts';
export {
  budgetAfterText,
  BudgetOutlook,
  type BudgetAfter,
  type BudgetAfterText,
} from './application/budget-outlook.ts';
export { LikeApprovals, type LastLike } from './application/like-approvals.ts';
export { outlookOf, type ApprovalOutlook } from './words/approval-outlook.ts';
export { BudgetList } from './application/budget-list.ts';
export { instanceName, type BudgetLine } from './application/budget-lines.ts';
export {
  answerOf,
  commandedEvent,
  type CommandAnswer,
  type Waiting,
  type Warning,
} from './application/command-answer.ts';
export { hashOfInvitation, timeZoneProblem } from './application/configuration-command.ts';
export { configurationWires, WireConfigurationCommand } from './application/configuration-wire.ts';
export { configurationWarnings, Configurator, type ConfigurationWish } from './application/configurator.ts';
export { readDecided, type DecisionForPeople, type WholeDecision } from './application/decision-for-people.ts';
export { DecisionList, type DecisionPage } from './application/decision-list.ts';
export { DecisionRecords, type DecisionRecord, type LaterEvent } from './application/decision-record.ts';
export { Invitations, type Acceptor, type AcceptRejection, type InvitationCard } from './application/invitations.ts';
export { Inventory, type PolicyVersion } from './application/inventory.ts';
export {
  MemberList,
  openInvitations,
  type InvitationForPeople,
  type MemberForPeople,
} from './application/member-list.ts';
export {
  pointOf,
  PublicationList,
  type PublicationForPeople,
  type PublicationPoint,
} from './application/publication-list.ts';
export { nameOfScope, StopList, type StopForPeople } from './application/stop-list.ts';
export { sumOf } from './application/amounts.ts';
export { CompiledPolicies } from './application/compiled-policies.ts';
export { nameOfPoint } from './application/point-name.ts';
export { problemOfCorrection, problemOfRejection } from './words/rejection.ts';
export { SurfaceModule, type SurfaceFoundations } from './surface.module.ts';
