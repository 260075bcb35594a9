import type { AgentsState } from '@countersign/agents';
import type { SelectedBudget, Subject } from '@countersign/budgets';
import type { AgentId, TeamId } from '@countersign/kernel';
import { compileText, type AttachmentPoint, type CompiledPolicy, type PoliciesState } from '@countersign/policy';
import type { AnyEvent } from './catalog.ts';

/** Points by their keys, because a team may have very many agents. */
export type Points = ReadonlyMap<string, AttachmentPoint>;

/** One budget of a policy that decides, and where it counts. */
export interface Counting {
  readonly budget: SelectedBudget;
  readonly matches: CompiledPolicy['budgets'][number]['matches'];
  readonly points: Points;
}

/** What says where budgets count. */
export type CountingState = PoliciesState & Pick<AgentsState, 'agents'>;

/** One policy as it is in force: what counts, where, and who is in which team. */
export interface InForce {
  readonly version: number;
  readonly policy: CompiledPolicy | null;
  readonly points: readonly AttachmentPoint[];
  readonly teams: ReadonlyMap<AgentId, TeamId>;
}

interface Change {
  readonly before: InForce;
  readonly after: InForce;
}

/** What an event, not folded yet, changes about where budgets count more than before. */
export function changesBy(state: CountingState, { type, data }: AnyEvent): readonly Change[] {
  switch (type) {
    case 'PolicyPublished': {
      const before = inForce(state, data.name);
      return [{ before, after: { ...before, version: data.version, policy: compiled(data.document) } }];
    }
    case 'PolicyAttached': {
      const before = inForce(state, data.name);
      return [{ before, after: { ...before, points: [...before.points, data] } }];
    }
    case 'AgentChanged':
      return namesAt(state, data.teamId).map((name) => {
        const before = inForce(state, name);
        return { before, after: { ...before, teams: new Map(before.teams).set(data.agentId, data.teamId) } };
      });
    default:
      return [];
  }
}

/** Every budget that counts, once per scope it counts by, by its counters' identity. A shadow counts nothing. */
export function countingOf({ version, policy, points, teams }: InForce): ReadonlyMap<string, Counting> {
  const counting = new Map<string, Counting>();
  if (policy?.mode !== 'enforce') return counting;

  const matchers = new Map(policy.budgets.map(({ name, matches }) => [name, matches]));
  for (const point of points)
    for (const { selects: _, scope: declared, ...declaredBudget } of policy.document.budgets) {
      const scope = declared === 'attached' ? attachedScope(point) : declared;
      const budget = { policy: policy.name, version, layer: point.layer, ...declaredBudget, scope };
      const key = budgetIdentity({ ...budget, budget: budget.name });
      const matches = matchers.get(budget.name) ?? (() => true);
      const known = counting.get(key) ?? { budget, matches, points: new Map() };
      counting.set(key, { ...known, points: new Map([...known.points, ...keyed(reachOf(point, scope, teams))]) });
    }
  return counting;
}

/** Names all counters of one budget, whatever their instance and window. */
export function budgetIdentity(address: {
  readonly policy: string;
  readonly budget: string;
  readonly scope: string;
  readonly unit: string;
  readonly window: string;
}): string {
  const { policy, budget, scope, unit, window } = address;
  return `${policy}/${budget}/${scope}/${unit}/${window}`;
}

/** Whether somebody acted at one of these points, by the team they were in at that time. */
export function covers(points: Points, subject: Subject): boolean {
  return LAYERS.some((layer) => {
    const point = subject[layer];
    return point !== null && points.has(`${layer} ${point}`);
  });
}

/** Whether counters of this scope belong to an agent alone, wherever it acts. */
export const isOwn = (scope: SelectedBudget['scope']) => scope === 'agent' || scope === 'run';

const LAYERS = ['organization', 'team', 'agent', 'user'] as const;

const keyed = (points: readonly AttachmentPoint[]) =>
  points.map(({ layer, point }) => [`${layer} ${point}`, { layer, point }] as const);

/**
 * A counter that a team shares counts what was done in the team. One that belongs to an agent goes with it: whoever is in
 * the team now brings along what they did before they came.
 */
function reachOf(at: AttachmentPoint, scope: SelectedBudget['scope'], teams: InForce['teams']) {
  if (at.layer !== 'team' || !isOwn(scope)) return [at];
  const members = [...teams].filter(([, team]) => team === at.point);
  return [at, ...members.map(([agent]): AttachmentPoint => ({ layer: 'agent', point: agent }))];
}

/** A limit of the short form counts each agent by itself, and on a user each user. */
const attachedScope = ({ layer }: AttachmentPoint) => (layer === 'user' ? ('user' as const) : ('agent' as const));

function inForce({ policies, attachments, agents }: CountingState, name: string): InForce {
  const published = [...policies.values()].find((policy) => policy.name === name);
  const points = [...attachments.values()].filter((attachment) => attachment.name === name);
  const teams = new Map([...agents].map(([agentId, { teamId }]) => [agentId, teamId]));
  return { version: published?.version ?? 0, policy: published ? compiled(published.document) : null, points, teams };
}

const namesAt = ({ attachments }: CountingState, team: TeamId) =>
  [...attachments.values()].filter(({ layer, point }) => layer === 'team' && point === team).map(({ name }) => name);

/** A published policy that no longer parses must not be taken for one without budgets (I3). */
function compiled(document: string): CompiledPolicy {
  const { policy } = compileText(document);
  if (!policy) throw new Error('a published policy can no longer be read');
  return policy;
}
