import { Configurations, emptyEnforcement, type EnforcementState } from '@countersign/decisions';
import { evolveIdentity, evolveMembers } from '@countersign/identity';
import type { SignedIn } from '@countersign/identity/people';
import { instant, InvitationId, MemberId, OrganizationId, type Name } from '@countersign/kernel';
import { createPools, inTenant, type Pools } from '@countersign/postgres';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfiguredStandings } from './configured-standings.ts';

const ours = OrganizationId.parse('00000000-0000-4000-8000-000000000001');
const theirs = OrganizationId.parse('00000000-0000-4000-8000-000000000002');
const ada = MemberId.parse(`mem_${'1'.padStart(32, '0')}`);

/** One organization, in which the person `user-1` is an auditor. */
class OneOrganization extends Configurations {
  readonly asked: OrganizationId[] = [];

  async read(organizationId: OrganizationId): Promise<{ readonly state: EnforcementState; readonly position: number }> {
    this.asked.push(organizationId);
    const state = emptyEnforcement();
    const at = instant(1_000);
    evolveIdentity(state, {
      type: 'OrganizationCreated',
      data: { organizationId: ours, name: 'lovelace' as Name, timeZone: 'UTC' },
    });
    evolveMembers(state, {
      type: 'MemberJoined',
      data: {
        memberId: ada,
        userId: 'user-1',
        invitationId: InvitationId.parse(ada.replace('mem_', 'inv_')),
        role: 'auditor',
        teams: [],
        at,
      },
    });
    return { state, position: 1 };
  }
}

let database: TestDatabase;
let pools: Pools;
let configurations: OneOrganization;
let standings: ConfiguredStandings;
beforeAll(async () => {
  database = await openDatabase();
  pools = createPools(database.appUrl, { decisions: 1, commands: 1, reads: 2 });
  configurations = new OneOrganization();
  standings = new ConfiguredStandings(pools.reads, configurations);
  for (const [userId, status] of [
    ['user-1', 'active'],
    ['user-2', 'left'],
  ] as const)
    await inTenant(
      pools.commands,
      ours,
      (sql) => sql`
        insert into enforcement.members (organization_id, member_id, user_id, status, details)
        values (${ours}::text::uuid, ${userId}, ${userId}, ${status}, '{}')`,
    );
});
afterAll(async () => {
  await pools.end();
  await database.drop();
});

const as = (userId: string): SignedIn => ({
  userId,
  by: 'session',
  method: 'password',
  credential: 's-1',
  issuedAt: instant(0),
  rights: null,
  organizationId: null,
});

describe('what somebody is in an organization', () => {
  it('is what the membership says', async () =>
    expect(await standings.of(as('user-1'), ours)).toMatchObject({ kind: 'member', memberId: ada, role: 'auditor' }));

  it.each([
    ['an organization of others', 'user-1', theirs],
    ['one that does not exist', 'user-1', OrganizationId.parse(crypto.randomUUID())],
    ['one that they left', 'user-2', ours],
    ['one that they never were in', "user-1' or true --", ours],
  ])('I7: is nothing in %s, and its rows are not read', async (_, userId, organizationId) => {
    const before = configurations.asked.length;
    expect(await standings.of(as(userId), organizationId)).toEqual({ kind: 'stranger' });
    expect(configurations.asked).toHaveLength(before);
  });
});
