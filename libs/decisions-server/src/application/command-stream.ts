import { approvalEvents, streamOfApprovalEvent, type ApprovalEvent } from '@countersign/approvals';
import { channelEvents, streamOfChannelEvent, type ChannelEvent } from '@countersign/channels';
import type { AnyEvent } from '@countersign/decisions';
import { memberEvents, streamOfMemberEvent, type MemberEvent } from '@countersign/identity';
import type { OrganizationId } from '@countersign/kernel';
import { ledgerStream } from '@countersign/ledger';
import { stopStream } from '@countersign/stops';

/** Which subject's history an event belongs to: `<category>-<id>`. */
export function streamOfEvent(organizationId: OrganizationId, { type, data }: AnyEvent): string {
  switch (type) {
    case 'OrganizationCreated':
    case 'TimeZoneChanged':
    case 'SettingsChanged':
      return `organization-${organizationId}`;
    case 'TeamCreated':
      return `team-${data.teamId.slice('team_'.length)}`;
    case 'PolicyPublished':
    case 'PolicyAttached':
    case 'PolicyDetached':
    case 'PublicationProposed':
    case 'PublicationConfirmed':
    case 'PublicationRejected':
      return `policy-${data.name}`;
    case 'BudgetOpened':
      return `budget-${data.policy}/${data.budget}`;
    case 'StopPlaced':
    case 'StopLifted':
      return stopStream(data.stopId);
    case 'SigningKeyAdded':
    case 'SigningKeyRetired':
    case 'PayloadErased':
    case 'LedgerRestored':
      return ledgerStream(organizationId);
    case 'AgentAttemptRefused':
      return `attempt-${data.agentId.slice('agt_'.length)}`;
    default:
      return streamByContext({ type, data } as AnyEvent);
  }
}

/** Contexts whose events all know their own streams. */
function streamByContext(event: AnyEvent): string {
  if (event.type in memberEvents) return streamOfMemberEvent(event as MemberEvent);
  if (event.type in channelEvents) return streamOfChannelEvent(event as ChannelEvent);
  if (event.type in approvalEvents) return streamOfApprovalEvent(event as ApprovalEvent);
  const data = event.data as { readonly agentId: string } | { readonly decisionId: string };
  return 'decisionId' in data
    ? `decision-${data.decisionId.slice('dec_'.length)}`
    : `agent-${data.agentId.slice('agt_'.length)}`;
}
