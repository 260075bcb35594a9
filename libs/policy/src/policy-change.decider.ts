import { findAgent, type AgentsState } from '@countersign/agents';
import { findTeam, type IdentityState } from '@countersign/identity';
import { accepted, rejected, unreachable, type Decided, type Name } from '@countersign/kernel';
import { attachProblems } from './attach-problems.ts';
import { comparePolicies } from './compare-policies.ts';
import { compileText } from './compile-text.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { PolicyChangeCommand } from './policy.commands.ts';
import type { AttachmentPoint, PolicyChangeEvent } from './policy.events.ts';
import type { PolicyRejection } from './policy.rejections.ts';
import { attachedAt, attachmentKey, type PoliciesState } from './policy.state.ts';
import type { AttachedPolicy } from './policy.evaluation.ts';
import { hasErrors } from './problem.ts';
import { onlyShadow } from './stack.ts';

type PolicyDecision = Decided<PolicyChangeEvent, PolicyRejection>;
type CommandOf<Type> = Extract<PolicyChangeCommand, { type: Type }>;

/** What policies are judged against: themselves, and the points they can be attached to. */
export type PolicyFacts = PoliciesState & AgentsState & IdentityState;

/** What a change of what is in force comes to, whoever asks for it, once it takes effect. */
export function decideChange(command: PolicyChangeCommand, state: PolicyFacts): PolicyDecision {
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
  const { policy: next, problems } = compileText(document);
  if (!next) return rejected({ code: 'policies.invalid', problems });

  const current = state.policies.get(next.name as Name) ?? { version: 0, document: null };
  if (expectedVersion !== undefined && expectedVersion !== current.version)
    return rejected({ code: 'policies.version_conflict', expected: expectedVersion, current: current.version });
  // Publishing what is in force publishes nothing: applying the same files twice makes no second version.
  if (current.document === document) return accepted();

  const conflicts = conflictsWith(current.document, next);
  if (hasErrors(conflicts)) return rejected({ code: 'policies.invalid', problems: conflicts });
  return accepted({
    type: 'PolicyPublished',
    data: { name: next.name as Name, version: current.version + 1, document, note },
  });
}

const conflictsWith = (document: string | null, next: CompiledPolicy) =>
  document === null ? [] : comparePolicies(compiled(document), next);

function compiled(document: string): CompiledPolicy {
  const { policy } = compileText(document);
  if (!policy) throw new Error('a published policy can no longer be read');
  return policy;
}

function attach({ name, layer, point }: CommandOf<'AttachPolicy'>, state: PolicyFacts): PolicyDecision {
  const policy = state.policies.get(name);
  if (!policy) return rejected({ code: 'policies.not_found', name });
  const found = pointOf(layer, point, state);
  if (found === null) return rejected({ code: 'policies.point_not_found', layer, point });

  const attachment = { name, layer, point: found };
  if (state.attachments.has(attachmentKey(attachment))) return accepted();
  const attached = attachedWith(attachment, state);
  // A point with nothing but shadow policies decides nothing, which nobody wants of a point that had no say before.
  if (onlyShadow(attached)) return rejected({ code: 'policies.only_shadow', layer, point });
  const problems = attachProblems(attached);
  if (hasErrors(problems)) return rejected({ code: 'policies.invalid', problems });
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
    case 'organization':
      return organizationPoint(point, state);
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

function organizationPoint(point: string, { organization }: PolicyFacts): string | null {
  const self = organization.get('self');
  return self && [self.organizationId, self.name].includes(point) ? self.organizationId : null;
}

/** Everything that would stand at the point, as the engine sees it. */
function attachedWith(
  { name, layer, point }: AttachmentPoint & { name: Name },
  state: PolicyFacts,
): readonly AttachedPolicy[] {
  const names = [...attachedAt(state, layer, point).map((attachment) => attachment.name), name];
  return names.flatMap((each) => {
    const published = state.policies.get(each);
    return published ? [{ layer, point, version: published.version, policy: compiled(published.document) }] : [];
  });
}
