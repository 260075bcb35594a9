import type { AgentRejection } from '@countersign/agents';
import type { CommandRejection, CorrectionRejection } from '@countersign/decisions';
import type { FieldProblem, Problem } from '@countersign/http';
import { memberRejectionCodes, type MemberRejection, type OrganizationRejection } from '@countersign/identity';
import { unreachable } from '@countersign/kernel';
import type { PolicyRejection, Problem as PolicyProblem } from '@countersign/policy';
import { isOfApprovals, problemOfApprovalRejection } from './approval-rejection.ts';
import { problemOfChannelRejection, type OwnChannelRejection } from './channel-rejection.ts';
import { problemOfMemberRejection } from './member-rejection.ts';
import { problemOfPublication } from './publication-rejection.ts';
import { problemOfStopRejection, type OwnStopRejection } from './stop-rejection.ts';

/** The one place where what configuration refuses becomes words a person reads: one exhaustive switch per context. */
export function problemOfRejection(rejection: CommandRejection): Problem {
  if (isOfApprovals(rejection)) return problemOfApprovalRejection(rejection);
  if (isOfMembers(rejection)) return problemOfMemberRejection(rejection);
  if (isOf<OwnStopRejection>('stops', rejection)) return problemOfStopRejection(rejection);
  if (isOf<OwnChannelRejection>('channels', rejection)) return problemOfChannelRejection(rejection);
  if (isOf<OrganizationRejection>('identity', rejection)) return ofOrganization(rejection);
  if (isOf<AgentRejection>('agents', rejection)) return ofAgent(rejection);
  return ofPolicy(rejection as PolicyRejection);
}

/** The same for what corrections refuse. */
export function problemOfCorrection(rejection: CorrectionRejection): Problem {
  const { code, decisionId } = rejection;
  switch (code) {
    case 'holds.not_found':
      return absent(code, `There is no decision \`${decisionId}\`.`);
    case 'holds.nothing_held':
      return refused(code, `Decision \`${decisionId}\` held nothing, so there is nothing to correct.`);
    case 'holds.still_open':
      return conflict(code, `The hold of decision \`${decisionId}\` is still open: its agent may report the cost yet.`);
    case 'holds.erased':
      return refused(
        code,
        `A part of what decision \`${decisionId}\` held or was charged was erased: nobody can tell what a correction would change.`,
      );
    default:
      return unreachable(code);
  }
}

/** Organizations and members share the context `identity`. */
const isOfMembers = (rejection: { readonly code: string }): rejection is MemberRejection =>
  rejection.code in memberRejectionCodes;

function isOf<Rejection extends { readonly code: string }>(
  context: string,
  rejection: { readonly code: string },
): rejection is Rejection {
  return rejection.code.startsWith(`${context}.`);
}

const absent = (code: string, detail: string): Problem => ({ status: 404, code, title: 'Not found', detail });
const conflict = (code: string, detail: string): Problem => ({ status: 409, code, title: 'Conflict', detail });
const refused = (code: string, detail: string): Problem => ({ status: 422, code, title: 'Refused', detail });

function ofOrganization(rejection: OrganizationRejection): Problem {
  switch (rejection.code) {
    case 'identity.organization_exists':
      return conflict(rejection.code, 'An organization of that name exists already.');
    case 'identity.organization_not_found':
      return absent(rejection.code, 'There is no such organization.');
    case 'identity.team_exists':
      return conflict(rejection.code, `Team \`${rejection.name}\` exists already.`);
    default:
      return unreachable(rejection);
  }
}

function ofAgent(rejection: AgentRejection): Problem {
  const { code } = rejection;
  switch (rejection.code) {
    case 'agents.name_taken':
      return conflict(code, `Agent \`${rejection.name}\` exists already; names are never used again.`);
    case 'agents.not_found':
      return absent(code, `There is no agent \`${rejection.agent}\`; \`countersign agent list\` shows all.`);
    case 'agents.team_not_found':
      return absent(code, `There is no team \`${rejection.team}\`; \`countersign team add\` makes one.`);
    case 'agents.owner_not_found':
      return absent(
        code,
        `\`profile.owner\` is no member: \`${rejection.owner}\`. Give the id of one (\`countersign member list\`); who answers for an agent never decides about it, so it has to be clear who that is.`,
      );
    case 'agents.retired':
      return conflict(code, `Agent \`${rejection.agent}\` was retired, which is for ever; register a new one.`);
    case 'agents.stopped':
      return conflict(
        code,
        `Agent \`${rejection.agent}\` is under stop \`${rejection.stopId}\` only while it is in its team, so it cannot be moved out of it.`,
      );
    case 'agents.key_not_found':
      return absent(code, `There is no key \`${rejection.keyId}\`; \`countersign agent key list\` shows all.`);
    case 'agents.key_already_expired':
      return refused(code, '`expiresAt` is in the past: give a later time, or leave it out for a key without an end.');
    default:
      return unreachable(rejection);
  }
}

function ofPolicy(rejection: PolicyRejection): Problem {
  const { code } = rejection;
  switch (rejection.code) {
    case 'policies.invalid':
      return { ...refused(code, invalidWords(rejection.problems)), errors: rejection.problems.map(fieldProblem) };
    case 'policies.not_found':
      return absent(code, `There is no policy \`${rejection.name}\` (there); \`countersign policy list\` shows all.`);
    case 'policies.version_conflict':
      return conflict(
        code,
        `Version ${rejection.current} is in force, not ${rejection.expected}: somebody else published. Look at the difference, then publish again.`,
      );
    case 'policies.point_not_found':
      return absent(code, `There is no ${rejection.layer} \`${rejection.point}\` to attach to.`);
    case 'policies.only_shadow':
      return refused(
        code,
        `Only shadow policies would be attached to ${rejection.layer} \`${rejection.point}\`, and shadows never allow: attach the template \`observe\` beside it first.`,
      );
    default:
      return problemOfPublication(rejection);
  }
}

function invalidWords(problems: readonly PolicyProblem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return first
    ? `The policy cannot be published: line ${first.line}: ${first.message}${more}`
    : 'The policy cannot be published.';
}

/** What a problem of a policy's text is on the wire; its line and column go along, so that a program can point at it. */
export const fieldProblem = ({ path, code, message, line, column, severity }: PolicyProblem): FieldProblem => ({
  field: path === '' ? 'document' : path,
  code,
  message,
  line,
  column,
  severity,
});
