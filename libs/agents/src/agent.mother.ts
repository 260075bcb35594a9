import type { OrganizationEvent } from '@countersign/identity';
import { AgentId, AgentKeyId, Name, TeamId, type Instant } from '@countersign/kernel';
import type { AgentEvent } from './agent.events.ts';
import { AgentProfile } from './agent.profile.ts';

const numbered = (prefix: string, n: number) => `${prefix}_${String(n).padStart(32, '0')}`;

export const treasury = TeamId.parse(numbered('team', 1));
export const legal = TeamId.parse(numbered('team', 2));
export const clerk = AgentId.parse(numbered('agt', 11));
export const scribe = AgentId.parse(numbered('agt', 12));
export const clerkKey = AgentKeyId.parse(numbered('key', 21));
export const unknownKey = AgentKeyId.parse(numbered('key', 22));

export const at = (clock: string) => Date.parse(`2026-03-02T${clock}:00.000Z`) as Instant;

export const profile = AgentProfile.parse({ deputy: 'ada', purpose: 'pays invoices', riskClass: 'high' });

export const treasuryCreated = teamCreated(treasury, 'treasury');
export const legalCreated = teamCreated(legal, 'legal');

function teamCreated(teamId: TeamId, name: string): OrganizationEvent {
  return { type: 'TeamCreated', data: { teamId, name: Name.parse(name) } };
}

export const clerkRegistered: AgentEvent = {
  type: 'AgentRegistered',
  data: { agentId: clerk, name: Name.parse('clerk'), teamId: treasury, profile },
};

export const clerkRetired: AgentEvent = {
  type: 'AgentRetired',
  data: { agentId: clerk, reason: 'replaced by scribe' },
};

export const keyIssued = {
  type: 'AgentKeyIssued',
  data: {
    keyId: clerkKey,
    agentId: clerk,
    hash: 'a'.repeat(64),
    prefix: 'csk_Q0x',
    scopes: ['act'],
    expiresAt: at('17:00'),
    boundUser: null,
  },
} as const satisfies AgentEvent;

export const keyRevoked: AgentEvent = {
  type: 'AgentKeyRevoked',
  data: { keyId: clerkKey, agentId: clerk, reason: 'seen in a log' },
};
