import type { AnyEvent } from '@countersign/decisions';
import type { OrganizationId } from '@countersign/kernel';
import { ledgerStream } from '@countersign/ledger';

/** Which subject's history an event belongs to: `<category>-<id>`. */
export function streamOfEvent(organizationId: OrganizationId, { type, data }: AnyEvent): string {
  switch (type) {
    case 'OrganizationCreated':
    case 'TimeZoneChanged':
      return `organization-${organizationId}`;
    case 'TeamCreated':
      return `team-${data.teamId.slice('team_'.length)}`;
    case 'PolicyPublished':
    case 'PolicyAttached':
    case 'PolicyDetached':
      return `policy-${data.name}`;
    case 'BudgetOpened':
      return `budget-${data.policy}/${data.budget}`;
    case 'SigningKeyAdded':
    case 'SigningKeyRetired':
    case 'PayloadErased':
    case 'LedgerRestored':
      return ledgerStream(organizationId);
    case 'AgentAttemptRefused':
      return `attempt-${data.agentId.slice('agt_'.length)}`;
    default:
      return 'agentId' in data
        ? `agent-${data.agentId.slice('agt_'.length)}`
        : `decision-${data.decisionId.slice('dec_'.length)}`;
  }
}
