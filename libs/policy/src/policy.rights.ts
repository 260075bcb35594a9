import { findAgent } from '@countersign/agents';
import { findTeam, type Demand, type OperationRights, type Target } from '@countersign/identity';
import type { Name, OrganizationId } from '@countersign/kernel';
import { compileText } from './compile-text.ts';
import type { PolicyFacts } from './policy-change.decider.ts';
import type { PolicyChangeCommand, PolicyCommand } from './policy.commands.ts';
import type { AttachmentPoint } from './policy.events.ts';
import { commandOf } from './publication.ts';

const publish = { right: 'policies:publish', on: ['organization', 'team', 'agent', 'novelty'] } as const;

/** What each command about policies asks of whoever gives it. */
export const policyRights = {
  PublishPolicy: publish,
  AttachPolicy: publish,
  DetachPolicy: publish,
  ConfirmPublication: publish,
  RejectPublication: publish,
} as const satisfies OperationRights<PolicyCommand['type']>;

/**
 * Attaching is about the point; publishing is about every point where the new version would come into force. Whoever
 * answers what waits needs what it takes to want it, as things stand by then.
 */
export function policyDemand(command: PolicyCommand, state: PolicyFacts): Demand {
  const asks = policyRights[command.type];
  const self = state.organization.get('self');
  if (!self) return { asks, targets: [] };
  const { organizationId } = self;
  const change = changeOf(command, state);
  return {
    asks,
    targets: change ? targetsOf(change, state, organizationId) : [{ kind: 'organization', organizationId }],
  };
}

/** What waits no longer, or never did, is the organization's. */
function changeOf(command: PolicyCommand, { publications }: PolicyFacts): PolicyChangeCommand | undefined {
  if (command.type !== 'ConfirmPublication' && command.type !== 'RejectPublication') return command;
  const publication = publications.get(command.publicationId);
  return publication && commandOf(publication);
}

const targetsOf = (command: PolicyChangeCommand, state: PolicyFacts, organizationId: OrganizationId) =>
  command.type === 'PublishPolicy'
    ? targetsOfPublish(command.document, state, organizationId)
    : [targetOfPoint(command, state, organizationId)];

/**
 * A name that is new is in force nowhere, and so is a text without a name, which gets no further than its problems. A
 * policy that exists and is attached nowhere is the organization's: whoever attaches it next relies on what it said.
 */
function targetsOfPublish(
  document: string,
  state: PolicyFacts,
  organizationId: OrganizationId,
): readonly [Target, ...Target[]] {
  const { policy } = compileText(document);
  if (!policy || !state.policies.has(policy.name as Name)) return [{ kind: 'novelty', organizationId }];
  const points = [...state.attachments.values()].filter(({ name }) => name === policy.name);
  const [first, ...others] = points.map((point) => targetOfPoint(point, state, organizationId));
  return first ? [first, ...others] : [{ kind: 'organization', organizationId }];
}

/** Users are the organization's, and so is what does not exist: only who may everything there is told of that. */
function targetOfPoint({ layer, point }: AttachmentPoint, state: PolicyFacts, organizationId: OrganizationId): Target {
  const organization = { kind: 'organization', organizationId } as const;
  if (layer === 'team') {
    const team = findTeam(state, point);
    return team ? { kind: 'team', organizationId, teamId: team.teamId } : organization;
  }
  const agent = layer === 'agent' ? findAgent(state, point) : undefined;
  return agent ? { kind: 'agent', organizationId, teamId: agent.teamId } : organization;
}
