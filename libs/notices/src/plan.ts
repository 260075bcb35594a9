import type { AnyEvent } from '@countersign/decisions';
import type { ApprovalId } from '@countersign/kernel';
import type { NoticeFacts } from './facts.ts';
import type { Notice, ToldEvent } from './notice.ts';
import { approved, cancelled, denied, escalated, expired, opened, reminded, withdrawn } from './plan-approvals.ts';
import { presumedBy, unreported, warned } from './plan-budgets.ts';
import { disabled, proposed, stopped } from './plan-others.ts';

type DataOf<Type extends AnyEvent['type']> = Extract<AnyEvent, { type: Type }>['data'];

/** How one type of event becomes notices; `null` tells nobody, and `presumed` is added up first. */
type Planner<Type extends AnyEvent['type']> =
  ((told: ToldEvent, facts: NoticeFacts, data: DataOf<Type>) => readonly Notice[]) | 'presumed' | null;

/** Every type of event there is: one that is added has to say whom it is told to. */
const planners: { readonly [Type in AnyEvent['type']]: Planner<Type> } = {
  OrganizationCreated: null,
  TimeZoneChanged: null,
  SettingsChanged: null,
  TeamCreated: null,
  MemberInvited: null,
  InvitationRevoked: null,
  InvitationExpired: null,
  MemberJoined: null,
  MemberRoleChanged: null,
  MemberTeamRoleChanged: null,
  MemberLeftTeam: null,
  MemberRemoved: null,
  MemberLeft: null,
  OwnershipTransferred: null,
  StopPlaced: stopped,
  StopLifted: null,
  AgentRegistered: null,
  AgentChanged: null,
  AgentRetired: null,
  AgentKeyIssued: null,
  AgentKeyRevoked: null,
  AgentAttemptRefused: null,
  EndpointAdded: null,
  EndpointChanged: null,
  EndpointSecretRotated: null,
  EndpointDisabled: disabled,
  EndpointEnabled: null,
  EndpointRemoved: null,
  NoticesChosen: null,
  PolicyPublished: null,
  PolicyAttached: null,
  PolicyDetached: null,
  PublicationProposed: proposed,
  PublicationConfirmed: null,
  PublicationRejected: null,
  BudgetOpened: null,
  HoldWidened: null,
  ActionDecided: (told, facts, data) => [...opened(told, facts, data), ...warned(told, facts, data)],
  OutcomeReported: 'presumed',
  HoldExpired: 'presumed',
  ExtensionDecided: warned,
  HoldCorrected: 'presumed',
  TakeDecided: warned,
  AskCancelled: cancelled,
  ApprovalVoted: null,
  VoteRetracted: null,
  ApprovalApproved: approved,
  ApprovalDenied: denied,
  ApprovalExpired: expired,
  ApprovalClaimed: null,
  ApprovalUnclaimed: null,
  ApprovalCommented: null,
  QuestionAsked: null,
  QuestionAnswered: null,
  ApprovalEdited: null,
  ApprovalEscalated: escalated,
  ApprovalReminded: reminded,
  ApprovalWithdrawn: withdrawn,
  PermitLapsed: null,
  BudgetExtended: null,
  GrantGiven: null,
  GrantRevoked: null,
  GrantLapsed: null,
  SigningKeyAdded: null,
  SigningKeyRetired: null,
  PayloadErased: null,
  LedgerRestored: null,
};

/** The types of events that can make a notice: no other has to be read. */
export const tellingTypes: readonly string[] = Object.entries(planners).flatMap(([type, planner]) =>
  planner === null ? [] : [type],
);

/** What a page of events is to be told, in their order; equal news once. */
export function planNotices(events: readonly ToldEvent[], facts: NoticeFacts): readonly Notice[] {
  const told = events.flatMap((each) => plannedBy(each, facts));
  const presumptions = events.flatMap((each) => presumedBy(each, facts));
  const all = [...told, ...unreported(presumptions, facts)];
  // The first stays: of what is found out twice, the second is no news.
  return [...new Map(all.toReversed().map((notice) => [notice.key, notice])).values()].toReversed();
}

function plannedBy(told: ToldEvent, facts: NoticeFacts): readonly Notice[] {
  const planner = planners[told.event.type] as Planner<AnyEvent['type']>;
  return typeof planner === 'function' ? planner(told, facts, told.event.data as never) : [];
}

/** The approvals that a page names: they have to be looked up. */
export const approvalsNamed = (events: readonly ToldEvent[]): readonly ApprovalId[] => [
  ...new Set(
    events.flatMap(({ event: { type, data } }) => {
      if (type === 'ActionDecided') return data.approval ? [data.approval.id] : [];
      return 'approvalId' in data ? [data.approvalId] : [];
    }),
  ),
];
