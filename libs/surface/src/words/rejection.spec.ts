import type { EndpointId, MemberId, StopId } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import { problemOfCorrection, problemOfRejection } from './rejection.ts';

const rejections = [
  { code: 'identity.organization_exists' },
  { code: 'identity.organization_not_found' },
  { code: 'identity.team_exists', name: 'support' },
  { code: 'identity.forbidden', right: 'agents:manage' },
  { code: 'identity.members_only' },
  { code: 'identity.member_not_found', memberId: 'mem_1' as MemberId },
  { code: 'identity.team_not_found', team: 'support' },
  { code: 'identity.last_owner' },
  { code: 'identity.role_not_held', role: 'owner' },
  { code: 'identity.role_never_decides', role: 'auditor' },
  { code: 'identity.already_invited' },
  { code: 'identity.already_member', memberId: 'mem_1' as MemberId },
  { code: 'identity.member_id_taken' },
  { code: 'identity.invitation_not_found' },
  { code: 'identity.invitation_closed', status: 'revoked' },
  { code: 'identity.invitation_expiry' },
  { code: 'identity.invitation_for_another' },
  { code: 'identity.invitation_void' },
  { code: 'channels.members_only' },
  { code: 'channels.endpoint_not_found', endpointId: 'whk_1' as EndpointId },
  { code: 'channels.endpoint_exists', endpointId: 'whk_1' as EndpointId },
  { code: 'channels.too_many_endpoints', most: 20 },
  { code: 'stops.not_found', stopId: 'stp_1' as StopId },
  { code: 'stops.team_not_found', team: 'support' },
  { code: 'stops.agent_not_found', agent: 'mailer' },
  { code: 'stops.too_many_patterns', most: 50 },
  { code: 'stops.placed_by_higher', rank: 'admin' },
  { code: 'agents.name_taken', name: 'mailer' },
  { code: 'agents.not_found', agent: 'mailer' },
  { code: 'agents.team_not_found', team: 'support' },
  { code: 'agents.retired', agent: 'mailer' },
  { code: 'agents.stopped', agent: 'mailer', stopId: 'stp_1' as StopId },
  { code: 'agents.key_not_found', keyId: 'key_1' },
  { code: 'agents.owner_not_found', owner: 'ada' },
  { code: 'agents.key_already_expired' },
  { code: 'policies.not_found', name: 'guard' },
  { code: 'policies.version_conflict', expected: 1, current: 2 },
  { code: 'policies.point_not_found', layer: 'team', point: 'support' },
  { code: 'policies.only_shadow', layer: 'team', point: 'support' },
] as const;

describe('a rejection', () => {
  it.each(rejections)('$code becomes a sentence with its own code and a fitting status', (rejection) => {
    const { code, status, detail } = problemOfRejection(rejection);
    expect(code).toBe(rejection.code);
    expect(status).toBe(code.endsWith('not_found') ? 404 : status);
    expect([403, 404, 409, 422]).toContain(status);
    expect(detail).toMatch(/^[A-Z`].*[.:]/);
  });

  it.each([
    ['accepted', 'sign in'],
    ['revoked', 'ask for another'],
    ['expired', 'ask for another'],
  ] as const)('of an invitation that is %s says what to do: %s', (status, what) => {
    expect(problemOfRejection({ code: 'identity.invitation_closed', status }).detail).toContain(`${status}: ${what}`);
  });

  it('of a policy points at every line', () => {
    const problem = {
      severity: 'error',
      code: 'policy.pattern',
      line: 4,
      column: 5,
      path: 'allow[0]',
      message: 'no pattern',
    } as const;
    expect(
      problemOfRejection({ code: 'policies.invalid', problems: [problem, { ...problem, line: 7 }] }),
    ).toMatchObject({
      status: 422,
      detail: 'The policy cannot be published: line 4: no pattern (and 1 more)',
      errors: [{ field: 'allow[0]', line: 4, column: 5 }, { line: 7 }],
    });
  });

  it.each(['holds.not_found', 'holds.nothing_held', 'holds.still_open', 'holds.erased'] as const)(
    '%s names the decision',
    (code) => {
      expect(problemOfCorrection({ code, decisionId: 'dec_1' }).detail).toContain('dec_1');
    },
  );
});
