import { OrganizationId, TeamId } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import { may, teamsWhere } from './may.ts';
import { RIGHTS, type Right } from './right.ts';
import { OrganizationRole, type TeamRole } from './roles.ts';
import { operator, stranger, type MemberStanding } from './standing.ts';
import type { Target } from './target.ts';

const here = OrganizationId.parse('00000000-0000-4000-8000-000000000001');
const elsewhere = OrganizationId.parse('00000000-0000-4000-8000-000000000002');
const own = TeamId.parse(`team_${'1'.padStart(32, '0')}`);
const other = TeamId.parse(`team_${'2'.padStart(32, '0')}`);

/**
 * The table of the design, written a second time and another way: where each role may. `own` is any team they are in,
 * `agents` only its agents, `approver` and `lead` what that team role adds, `allowed` the agents of a led team while the
 * organization lets leads publish.
 */
const design = `
| right               | owner    | admin    | member   | developer       | auditor | viewer |
| teams:read          | all      | all      | own      | own             | all     | own    |
| args:read           | all      | all      | own      | own             | all     | never  |
| organization:read   | all      | all      | never    | never           | all     | never  |
| agents:manage       | all      | all      | never    | own             | never   | never  |
| policies:draft      | all      | all      | never    | all             | never   | never  |
| policies:publish    | all      | all      | allowed  | allowed         | never   | never  |
| approvals:decide    | approver | approver | approver | approver        | never   | never  |
| stops:place         | all      | all      | approver | agents+approver | never   | never  |
| stops:pattern       | all      | all      | lead     | lead            | never   | never  |
| teams:manage        | all      | all      | lead     | lead            | never   | never  |
| organization:manage | all      | all      | never    | never           | never   | never  |
| organization:own    | all      | never    | never    | never           | never   | never  |
`;

const cells = design
  .trim()
  .split('\n')
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const [header = [], ...rows] = cells;
const cellOf = (right: Right, role: OrganizationRole) =>
  rows.find(([name]) => name === right)?.[header.indexOf(role)] ?? '';

const teamRoles = ['absent', 'none', 'approver', 'lead'] as const;

const targets = {
  'the organization': { kind: 'organization', organizationId: here },
  'an own team': { kind: 'team', organizationId: here, teamId: own },
  'an own agent': { kind: 'agent', organizationId: here, teamId: own },
  'another team': { kind: 'team', organizationId: here, teamId: other },
  "another team's agent": { kind: 'agent', organizationId: here, teamId: other },
  'a new policy': { kind: 'novelty', organizationId: here },
  'another organization': { kind: 'organization', organizationId: elsewhere },
  "another organization's team of that id": { kind: 'team', organizationId: elsewhere, teamId: own },
  "another organization's agent": { kind: 'agent', organizationId: elsewhere, teamId: own },
  "another organization's new policy": { kind: 'novelty', organizationId: elsewhere },
} as const satisfies Record<string, Target>;

const ada = (
  role: OrganizationRole,
  teamRole: (typeof teamRoles)[number] = 'absent',
  changes: Partial<MemberStanding> = {},
): MemberStanding => ({
  kind: 'member',
  organizationId: here,
  memberId: `mem_${'1'.padStart(32, '0')}` as MemberStanding['memberId'],
  role,
  teams: teamRole === 'absent' ? {} : { [own]: teamRole as TeamRole },
  tokenRights: null,
  leadsPublish: false,
  ...changes,
});

function expected(cell: string, standing: MemberStanding, target: Target): boolean {
  if (target.organizationId !== here || cell === 'never') return false;
  return cell === 'all' || cell.split('+').some((word) => saysYes(word, standing, target));
}

function saysYes(word: string, { leadsPublish, teams }: MemberStanding, target: Target): boolean {
  const allowed = leadsPublish && teams[own] === 'lead';
  if (target.kind === 'organization') return false;
  if (target.kind === 'novelty') return word === 'allowed' && allowed;
  if (target.teamId !== own || teams[own] === undefined) return false;
  const says: Record<string, boolean> = {
    own: true,
    agents: target.kind === 'agent',
    approver: teams[own] !== 'none',
    lead: teams[own] === 'lead',
    allowed: target.kind === 'agent' && allowed,
  };
  return says[word] === true;
}

describe('the matrix', () => {
  it('has a line for every right and a column for every role', () => {
    expect(rows.map(([name]) => name)).toEqual(RIGHTS);
    expect(header.slice(1)).toEqual(OrganizationRole.options);
  });

  const walk = RIGHTS.flatMap((right) => OrganizationRole.options.map((role) => ({ right, role })));

  it.each(walk)('I7: $right of $role is as designed, whatever team, agent or organization', ({ right, role }) => {
    for (const teamRole of teamRoles)
      for (const leadsPublish of [false, true])
        for (const [what, target] of Object.entries(targets)) {
          const standing = ada(role, teamRole, { leadsPublish });
          const claim = `${role}, ${teamRole} in the team, leads publish ${leadsPublish}: ${right} on ${what}`;
          expect(`${claim}: ${may(standing, right, target)}`).toBe(
            `${claim}: ${expected(cellOf(right, role), standing, target)}`,
          );
        }
  });

  it.each(walk)('lists exactly the teams on whose agents $role may $right', ({ right, role }) => {
    for (const teamRole of teamRoles)
      for (const leadsPublish of [false, true]) {
        const standing = ada(role, teamRole, { leadsPublish });
        const listed = teamsWhere(standing, right);
        for (const teamId of [own, other])
          expect(listed === 'everywhere' || listed.includes(teamId)).toBe(
            may(standing, right, { kind: 'agent', organizationId: here, teamId }),
          );
      }
  });

  it('I4: lets a stranger do nothing, which is what every agent is', () => {
    for (const right of RIGHTS) {
      for (const target of Object.values(targets)) expect(may(stranger, right, target)).toBe(false);
      expect(teamsWhere(stranger, right)).toEqual([]);
    }
  });

  it('lets the operator do everything but decide approvals, for a quorum counts persons', () => {
    for (const right of RIGHTS) {
      const mayAll = right !== 'approvals:decide';
      expect(may(operator, right, targets['the organization'])).toBe(mayAll);
      expect(teamsWhere(operator, right)).toEqual(mayAll ? 'everywhere' : []);
    }
  });
});

describe('a personal token', () => {
  it('may do what its member may as far as it names the right, and nothing else', () => {
    const limited = ada('owner', 'lead', { tokenRights: ['teams:read', 'approvals:decide'] });
    for (const right of RIGHTS) {
      const isNamed = right === 'teams:read' || right === 'approvals:decide';
      expect(may(limited, right, targets['an own agent'])).toBe(isNamed);
      expect(teamsWhere(limited, right)).toEqual(isNamed ? teamsWhere(ada('owner', 'lead'), right) : []);
    }
  });

  it('adds nothing to what its member may', () => {
    const viewer = ada('viewer', 'none', { tokenRights: RIGHTS });
    for (const right of RIGHTS)
      for (const target of Object.values(targets))
        expect(may(viewer, right, target)).toBe(may(ada('viewer', 'none'), right, target));
  });
});

it('takes nothing inherited for a team role', () => {
  const standing = ada('member');
  for (const teamId of ['__proto__', 'constructor'] as readonly string[])
    expect(may(standing, 'teams:read', { kind: 'team', organizationId: here, teamId: teamId as TeamId })).toBe(false);
});
