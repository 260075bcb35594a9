import type { TeamId } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import { OrganizationCommand } from '../organization.commands.ts';
import { founded, legal, lovelace, treasury } from '../organization.mother.ts';
import { organizationRights } from '../organization.rights.ts';
import { MemberCommand } from '../members/member.commands.ts';
import { ada, inPerson, inTreasury, joined, peopleAfter } from '../members/member.mother.ts';
import { standingOf } from '../members/member.queries.ts';
import { memberRights } from '../members/member.rights.ts';
import { refusalOf, registryProblems, type OperationRight } from './operation.ts';
import { operator, stranger } from './standing.ts';

const namesOf = (union: { options: readonly { shape: { type: { value: string } } }[] }) =>
  union.options.map(({ shape }) => shape.type.value);

describe('a registry of operations', () => {
  it('names a right for every command of this context', () => {
    expect(registryProblems(namesOf(OrganizationCommand), organizationRights)).toEqual([]);
    expect(registryProblems(namesOf(MemberCommand), memberRights)).toEqual([]);
  });

  it('tells of an operation that names none, and of a right without an operation', () => {
    expect(registryProblems(['Publish', 'constructor'], { Attach: { right: 'operator' } })).toEqual([
      'Publish names no right',
      'constructor names no right',
      'Attach has a right and does not exist',
    ]);
  });
});

describe('an operation', () => {
  const organization = { kind: 'organization', organizationId: lovelace } as const;
  const team = { kind: 'team', organizationId: lovelace, teamId: treasury } as const;
  const manage: OperationRight = { right: 'organization:manage', on: ['organization'] };
  const refused = { code: 'identity.forbidden', right: 'organization:manage' };

  it('is refused with the right it takes', () => {
    expect(refusalOf(stranger, { asks: manage, targets: [organization] })).toEqual(refused);
    expect(refusalOf(operator, { asks: manage, targets: [organization] })).toBeNull();
  });

  // `every` of nothing is yes: a demand whose targets were not found must not be.
  it('about nothing is refused, to everyone', () =>
    expect(refusalOf(operator, { asks: manage, targets: [] })).toEqual(refused));

  it('about something else than its right is meant for is refused', () =>
    expect(refusalOf(operator, { asks: manage, targets: [organization, team] })).toEqual(refused));

  it('about two things needs the right on both', () => {
    const asks: OperationRight = { right: 'agents:manage', on: ['agent'] };
    const agentOf = (teamId: TeamId) => ({ kind: 'agent', organizationId: lovelace, teamId }) as const;
    const developer = standingOf(inPerson(ada), peopleAfter(founded, joined(ada, 'developer', inTreasury('none'))));
    expect(refusalOf(developer, { asks, targets: [agentOf(treasury), agentOf(treasury)] })).toBeNull();
    expect(refusalOf(developer, { asks, targets: [agentOf(treasury), agentOf(legal)] })).toEqual({
      code: 'identity.forbidden',
      right: 'agents:manage',
    });
  });

  it('of the installation is the operator’s alone', () => {
    expect(refusalOf(operator, { asks: { right: 'operator' }, targets: [] })).toBeNull();
    expect(refusalOf(stranger, { asks: { right: 'operator' }, targets: [] })).toEqual({
      code: 'identity.forbidden',
      right: 'operator',
    });
  });

  it('that takes no right says why and is open', () =>
    expect(refusalOf(stranger, { asks: { right: null, why: 'the token is the right' }, targets: [] })).toBeNull());
});
