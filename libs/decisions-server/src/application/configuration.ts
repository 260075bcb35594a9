import type { Agent, AgentKey } from '@countersign/agents';
import { peopleOf, type People } from '@countersign/approvals';
import { createCalendar, type Calendar } from '@countersign/budgets';
import { emptyEnforcement, type Asker, type EnforcementState } from '@countersign/decisions';
import type { AgentId, AgentKeyId, Name, OrganizationId } from '@countersign/kernel';
import {
  attachedAt,
  compileStack,
  compileText,
  type AttachedPolicy,
  type CompiledPolicy,
  type Layer,
  type Stack,
} from '@countersign/policy';
import { compileStops, type CompiledStops } from '@countersign/stops';

/** A user's policies are compiled into a stack of their own; so many users are remembered at once. */
const STACKS_MAX = 5_000;

/** Compiled once per version and organization, however often the epoch moves. */
export class CompiledPolicies {
  readonly #compiled = new Map<string, { document: string; policy: CompiledPolicy }>();

  of(name: string, document: string): CompiledPolicy {
    const known = this.#compiled.get(name);
    if (known?.document === document) return known.policy;

    const { policy } = compileText(document);
    // Published policies were read before; one that no longer can be must not be taken for none (I3).
    if (!policy) throw new Error(`policy \`${name}\` can no longer be read`);
    this.#compiled.set(name, { document, policy });
    return policy;
  }
}

/**
 * What one organization is configured to be, as of one epoch. Exact for every decision under that epoch; replaced, not
 * changed, when the epoch moves.
 */
export class Configuration {
  readonly calendar: Calendar;
  readonly stops: CompiledStops;
  readonly #stacks = new Map<string, Stack>();
  #people: People | null = null;

  constructor(
    readonly organizationId: OrganizationId,
    readonly epoch: number,
    readonly state: EnforcementState,
    private readonly compiled: CompiledPolicies,
  ) {
    this.calendar = createCalendar(state.organization.get('self')?.zones ?? []);
    this.stops = compileStops(state);
  }

  static empty(organizationId: OrganizationId): Configuration {
    return new Configuration(organizationId, -2, emptyEnforcement(), new CompiledPolicies());
  }

  /** Who may decide what waits for people. */
  get people(): People {
    return (this.#people ??= peopleOf(this.state));
  }

  key(keyId: AgentKeyId): AgentKey | undefined {
    return this.state.agentKeys.get(keyId);
  }

  /** Who asks; undefined for an agent this epoch does not know. */
  asker(agentId: AgentId): Asker | undefined {
    const agent = this.state.agents.get(agentId);
    const team = agent && this.state.teams.get(agent.teamId);
    return team && { organizationId: this.organizationId, agent, team };
  }

  /** The policies that judge an agent's action for a user, widest layer first. */
  stack(agent: Agent, user: string | undefined): Stack {
    const isUserAttached = user !== undefined && this.#attached('user', user).length > 0;
    const key = isUserAttached ? `${agent.agentId} ${user}` : agent.agentId;
    const known = this.#stacks.get(key);
    if (known) return known;

    if (this.#stacks.size >= STACKS_MAX) this.#stacks.clear();
    const stack = compileStack([
      ...this.#attached('organization', this.organizationId),
      ...this.#attached('team', agent.teamId),
      ...this.#attached('agent', agent.agentId),
      ...(isUserAttached ? this.#attached('user', user) : []),
    ]);
    this.#stacks.set(key, stack);
    return stack;
  }

  /** With the policies of every user beside those of the agent: whatever may judge an action of it. */
  widestStack(agentId: AgentId): Stack | null {
    const agent = this.state.agents.get(agentId);
    if (!agent) return null;
    const users = [...this.state.attachments.values()].flatMap(({ layer, point }) => (layer === 'user' ? [point] : []));
    return compileStack([
      ...this.stack(agent, undefined).attached,
      ...[...new Set(users)].flatMap((user) => this.#attached('user', user)),
    ]);
  }

  #attached(layer: Layer, point: string): readonly AttachedPolicy[] {
    return attachedAt(this.state, layer, point).flatMap(({ name }) => {
      const published = this.state.policies.get(name as Name);
      if (!published) return [];
      return [{ layer, point, version: published.version, policy: this.compiled.of(name, published.document) }];
    });
  }
}
