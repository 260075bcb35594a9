import { Configurations, type EnforcementState } from '@countersign/decisions';
import { toIso, type AgentId, type Instant, type OrganizationId } from '@countersign/kernel';
import { Ledger, type RecordedEvent } from '@countersign/ledger';
import { policyEvents } from '@countersign/policy';
import { Injectable } from '@nestjs/common';
import { MoneyRows } from '../adapters/money-rows.ts';
import { CompiledPolicies } from './compiled-policies.ts';
import { nameOfPoint } from './point-name.ts';

export interface PolicyVersion {
  readonly version: number;
  readonly publishedAt: string;
  readonly by: string;
  readonly note: string;
  readonly document: string;
}

/** What an organization consists of: its agents with their keys, its policies with where they are attached. */
@Injectable()
export class Inventory {
  readonly #compiled = new CompiledPolicies();

  constructor(
    private readonly configurations: Configurations,
    private readonly money: MoneyRows,
    private readonly ledger: Ledger,
  ) {}

  async agents(organizationId: OrganizationId) {
    const { state } = await this.configurations.read(organizationId);
    const uses = await this.money.keyUses(organizationId);
    const now = await this.money.now();
    return [...state.agents.values()].map(({ agentId, name, teamId, status, profile }) => ({
      id: agentId,
      name,
      team: { id: teamId, name: state.teams.get(teamId)?.name ?? teamId },
      status,
      profile,
      keys: keysOf(agentId, { state, uses, now }),
    }));
  }

  async policies(organizationId: OrganizationId) {
    const { state } = await this.configurations.read(organizationId);
    return [...state.policies.values()].map(({ name, version, document }) => ({
      name,
      version,
      mode: this.#compiled.of(document)?.mode ?? 'enforce',
      attachments: [...state.attachments.values()]
        .filter((attachment) => attachment.name === name)
        .map(({ layer, point }) => ({ layer, point, name: nameOfPoint(layer, point, state) })),
    }));
  }

  /** Every version of a policy, oldest first; none of a policy that was never published. */
  async versions(organizationId: OrganizationId, name: string): Promise<readonly PolicyVersion[]> {
    const events = await this.ledger.readStream(organizationId, `policy-${name}`);
    return events.flatMap(versionOf);
  }
}

interface KeyFacts {
  readonly state: EnforcementState;
  readonly uses: ReadonlyMap<string, Instant>;
  readonly now: Instant;
}

function keysOf(agentId: AgentId, { state, uses, now }: KeyFacts) {
  const keys = [...state.agentKeys.values()].filter((key) => key.agentId === agentId);
  return keys.map(({ keyId, prefix, scopes, expiresAt, boundUser, isRevoked }) => ({
    id: keyId,
    prefix,
    scopes,
    expiresAt: isoOrNull(expiresAt),
    boundUser,
    status: isRevoked ? 'revoked' : statusAt(expiresAt, now),
    lastUsedAt: isoOrNull(uses.get(keyId) ?? null),
  }));
}

const statusAt = (expiresAt: Instant | null, now: Instant) =>
  expiresAt !== null && expiresAt <= now ? 'expired' : 'active';

const isoOrNull = (at: Instant | null) => (at === null ? null : toIso(at));

function versionOf({ type, content, recordedAt, actor }: RecordedEvent): readonly PolicyVersion[] {
  if (type !== 'PolicyPublished' || !content) return [];
  const { version, note, document } = policyEvents.PolicyPublished.parse(JSON.parse(content.payload));
  return [{ version, note, document, publishedAt: toIso(recordedAt), by: actor.id }];
}
