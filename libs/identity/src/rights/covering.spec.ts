import { OrganizationId, MemberId } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import { canDecide, covers, holdsRole, holdsTeamRole } from './covering.ts';
import { RIGHTS, type Right } from './right.ts';
import { OrganizationRole } from './roles.ts';
import { operator, stranger, type MemberStanding } from './standing.ts';

const standing = (role: OrganizationRole, tokenRights: readonly Right[] | null = null): MemberStanding => ({
  kind: 'member',
  organizationId: OrganizationId.parse('00000000-0000-4000-8000-000000000001'),
  memberId: MemberId.parse(`mem_${'1'.padStart(32, '0')}`),
  role,
  teams: {},
  tokenRights,
  leadsPublish: false,
});

describe('a role covers another', () => {
  it.each([
    ['owner', ['owner', 'admin', 'member', 'developer', 'auditor', 'viewer']],
    ['admin', ['admin', 'member', 'developer', 'auditor', 'viewer']],
    ['member', ['member', 'viewer']],
    ['developer', ['member', 'developer', 'viewer']],
    ['auditor', ['auditor', 'viewer']],
    ['viewer', ['viewer']],
  ] as const)('%s covers %s', (role, covered) =>
    expect(OrganizationRole.options.filter((other) => covers(role, other))).toEqual(covered),
  );
});

describe('nobody gives what they do not hold', () => {
  it('an admin makes no owner', () => {
    expect(holdsRole(standing('admin'), 'owner')).toBe(false);
    expect(holdsRole(standing('admin'), 'admin')).toBe(true);
  });

  it('a token gives a role only if it names all of the rights of the role', () => {
    expect(holdsRole(standing('owner', ['organization:manage']), 'viewer')).toBe(false);
    expect(holdsRole(standing('owner', ['organization:manage', 'teams:read']), 'viewer')).toBe(true);
    expect(holdsRole(standing('owner', RIGHTS), 'owner')).toBe(true);
    expect(holdsRole(standing('owner', RIGHTS.slice(1)), 'owner')).toBe(false);
  });

  it('a token gives a team role only if it names what the team role adds', () => {
    const approver: readonly Right[] = ['approvals:decide', 'stops:place'];
    const lead: readonly Right[] = [...approver, 'stops:pattern', 'teams:manage', 'policies:publish'];
    expect(holdsTeamRole(standing('owner', ['teams:manage']), 'none')).toBe(true);
    for (const right of approver) {
      const without = approver.filter((each) => each !== right);
      expect(holdsTeamRole(standing('owner', without), 'approver')).toBe(false);
    }
    expect(holdsTeamRole(standing('owner', approver), 'approver')).toBe(true);
    for (const right of lead) {
      const without = lead.filter((each) => each !== right);
      expect(holdsTeamRole(standing('owner', without), 'lead')).toBe(false);
    }
    expect(holdsTeamRole(standing('owner', lead), 'lead')).toBe(true);
  });

  it('the operator holds every role, a stranger none', () => {
    for (const role of OrganizationRole.options) {
      expect(holdsRole(operator, role)).toBe(true);
      expect(holdsRole(stranger, role)).toBe(false);
    }
    expect(holdsTeamRole(operator, 'lead')).toBe(true);
    expect(holdsTeamRole(stranger, 'none')).toBe(false);
  });
});

it('auditors and viewers decide nothing, anywhere', () =>
  expect(OrganizationRole.options.filter((role) => !canDecide(role))).toEqual(['auditor', 'viewer']));
