import { nextDueAt, type Approval, type Grant } from '@countersign/approvals';
import type { ApprovalId, GrantId } from '@countersign/kernel';
import type { EnforcementTable } from './enforcement-table.ts';

export const approvalTable: EnforcementTable<ApprovalId, Approval> = {
  name: 'approvals',
  map: (state) => state.approvals,
  key: { approval_id: 'text' },
  columns: { agent_id: 'text', status: 'text', due_at: 'bigint', expires_at: 'bigint', details: 'json' },
  keyTexts: (approvalId) => [approvalId],
  valueTexts: (approval) => {
    const { agentId, status, ...details } = approval;
    return [agentId, status, String(nextDueAt(approval) ?? 0), String(approval.expiresAt), JSON.stringify(details)];
  },
  fromRow: ({ approval_id, agent_id, status, details }) => [
    approval_id as ApprovalId,
    { ...(JSON.parse(String(details)) as Approval), agentId: agent_id, status } as Approval,
  ],
};

export const grantTable: EnforcementTable<GrantId, Grant> = {
  name: 'grants',
  map: (state) => state.grants,
  key: { grant_id: 'text' },
  columns: { agent_id: 'text', status: 'text', expires_at: 'bigint', details: 'json' },
  keyTexts: (grantId) => [grantId],
  valueTexts: ({ agentId, status, ...details }) => [
    agentId,
    status,
    String(details.expiresAt),
    JSON.stringify(details),
  ],
  fromRow: ({ grant_id, agent_id, status, details }) => [
    grant_id as GrantId,
    { ...(JSON.parse(String(details)) as Grant), agentId: agent_id, status } as Grant,
  ],
};
