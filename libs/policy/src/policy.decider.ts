import { findAgent, type AgentsState } from '@countersign/agents';
import { findTeam, type IdentityState } from '@countersign/identity';
import { accepted, rejected, unreachable, type Decided, type Name } from '@countersign/kernel';
import { compilePolicy } from './compile-policy.ts';
import { comparePolicies } from './compare-policies.ts';
import { parsePolicy } from './parse-policy.ts';
import type { PolicyCommand } from './policy.commands.ts';
import type { AttachmentPoint, PolicyEvent } from './policy.events.ts';
import type { PolicyRejection } from './policy.rejections.ts';
import { attachedAt, attachmentKey, type PoliciesState } from './policy.state.ts';
import { hasErrors } from './problem.ts';

type PolicyDecision = Decided<PolicyEvent, PolicyRejection>;
type CommandOf<Type> = Extract<PolicyCommand, { type: Type }>;

/** What policies are judged against: themselves, and the points they can be attached to. */
export type PolicyFacts = PoliciesState & AgentsState & IdentityState;

/** What may happen to policies, judged under the organization's head lock. */
export function decidePolicy(command: PolicyCommand, state: PolicyFacts): PolicyDecision {
  switch (command.type) {
    case 'PublishPolicy':
      return publish(command, state);
    case 'AttachPolicy':
      return attach(command, state);
    case 'DetachPolicy':
      return detach(command, state);
    default:
      return unreachable(command);
  }
}

function publish({ document, note, expectedVersion }: CommandOf<'PublishPolicy'>, state: PolicyFacts): PolicyDecision {
  const parsed = parsePolicy(document);
  if (!parsed.document) return rejected({ code: 'policies.invalid', problems: parsed.problems });

  const next = compilePolicy(parsed.document);
  const current = state.policies.get(next.name as Name);
  const version = current?.version ?? 0;
  if (expectedVersion !== undefined && expectedVersion !== version)
    return rejected({ code: 'policies.version_conflict', expected: expectedVersion, current: version });
  // Publishing what is in force publishes nothing: applying the same files twice makes no second version.
  if (current?.document === document) return accepted();

  const problems = current ? comparePolicies(compiled(current.document), next) : [];
  if (hasErrors(problems)) return rejected({ code: 'policies.invalid', problems });
  return accepted({ type: 'PolicyPublished', data: { name: next.name as Name, version: version + 1, document, note } });
}

function compiled(document: string) {
  const { document: parsed } = parsePolicy(document);
  if (!parsed) throw new Error('a published policy no longer parses');
  return compilePolicy(parsed);
}

function attach({ name, layer, point }: CommandOf<'AttachPolicy'>, state: PolicyFacts): PolicyDecision {
  const policy = state.policies.get(name);
  if (!policy) return rejected({ code: 'policies.not_found', name });
  const found = pointOf(layer, point, state);
  if (found === null) return rejected({ code: 'policies.point_not_found', layer, point });

  const attachment = { name, layer, point: found };
  if (state.attachments.has(attachmentKey(attachment))) return accepted();
  if (isOnlyShadow(attachment, state)) return rejected({ code: 'policies.only_shadow', layer, point });
  return accepted({ type: 'PolicyAttached', data: attachment });
}

function detach({ name, layer, point }: CommandOf<'DetachPolicy'>, state: PolicyFacts): PolicyDecision {
  const found = pointOf(layer, point, state);
  if (found === null) return rejected({ code: 'policies.point_not_found', layer, point });

  const attachment = { name, layer, point: found };
  return state.attachments.has(attachmentKey(attachment))
    ? accepted({ type: 'PolicyDetached', data: attachment })
    : rejected({ code: 'policies.not_found', name });
}

/** The id of a point given by its id or its name. A user exists as soon as an agent names it. */
function pointOf(layer: AttachmentPoint['layer'], point: string, state: PolicyFacts): string | null {
  switch (layer) {
    case 'organization': {
      const self = state.organization.get('self');
      return self && (point === self.organizationId || point === self.name) ? self.organizationId : null;
    }
    case 'team':
      return findTeam(state, point)?.teamId ?? null;
    case 'agent':
      return findAgent(state, point)?.agentId ?? null;
    case 'user':
      return point;
    default:
      return unreachable(layer);
  }
}

/** A point with nothing but shadow policies decides nothing, which nobody wants of a point that had no say before. */
function isOnlyShadow({ name, layer, point }: AttachmentPoint & { name: Name }, state: PolicyFacts): boolean {
  const names = [name, ...attachedAt(state, layer, point).map((attachment) => attachment.name)];
  return names.every((each) => compiled(state.policies.get(each)?.document ?? '').mode === 'shadow');
}
