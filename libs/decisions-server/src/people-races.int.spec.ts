import { newId } from '@countersign/crypto';
import {
  emptyEnforcement,
  evolve,
  type AnyEvent,
  type CommandOutcome,
  type EnforcementState,
} from '@countersign/decisions';
import {
  findTeam,
  mayDecideFor,
  ownersOf,
  refusalOf,
  standingOfMemberId,
  type OrganizationRole,
} from '@countersign/identity';
import type { Actor, MemberId, Name, OrganizationId, PublicationId, TeamId } from '@countersign/kernel';
import { toRecorded, type EventRow } from '@countersign/ledger-server';
import { inTenant } from '@countersign/postgres';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOrganization, openProcess, purchase, type TestProcess } from './decisions.mother.ts';
import { answering, approve, joinTreasury, type Person } from './people.mother.ts';

/** Deciding on what was read before the lock lost every one of these: two owners left, and a revoked vote counted. */
const ROUNDS = 100;

const operator = {
  actor: { kind: 'operator', id: 'cli', method: 'operator-token', credential: 'test' },
  tokenRights: null,
} as const;

let database: TestDatabase;
let one: TestProcess;
let two: TestProcess;
beforeAll(async () => {
  database = await openDatabase();
  one = openProcess(database.appUrl);
  two = openProcess(database.appUrl);
});
afterAll(async () => {
  await Promise.all([one.end(), two.end()]);
  await database.drop();
});

type Opened = Awaited<ReturnType<typeof openOrganization>>;
type Work = () => Promise<CommandOutcome>;

/** Two commands at the same moment, one by each process. Who has the head start, if anybody, changes. */
async function race(round: number, first: Work, second: Work): Promise<readonly [CommandOutcome, CommandOutcome]> {
  const late = async (work: Work) => {
    await new Promise((resolve) => setTimeout(resolve, round % 4));
    return work();
  };
  return Promise.all(round % 2 === 0 ? [first(), late(second)] : [late(first), second()]);
}

const asking = `apiVersion: countersign/v1
name: asking
ask: [{ match: "shop.buy:*", approval: { team: treasury } }]
`;
const plain = (round: number) => `apiVersion: countersign/v1\nname: plain\nallow: ["note.n${round}:*"]\n`;

/** Every event in its place, with what stood before it. */
async function recheck(
  organizationId: OrganizationId,
  judge: (event: AnyEvent, before: EnforcementState, actor: Actor) => void,
): Promise<EnforcementState> {
  const rows = await inTenant(
    one.pools.reads,
    organizationId,
    (sql) => sql<EventRow[]>`
      select e.*, p.salt, p.payload from ledger.events e join ledger.payloads p using (organization_id, position, recorded_at)
       where e.organization_id = ${organizationId}::text::uuid order by e.position`,
  );
  const state = emptyEnforcement();
  for (const { type, content, recordedAt: at, streamVersion, actor } of rows.map(toRecorded)) {
    const event = { type, data: JSON.parse(content?.payload ?? '') as unknown } as AnyEvent;
    judge(event, state, actor);
    evolve(state, { event, at, streamVersion });
  }
  return state;
}

const mayPublish = (state: EnforcementState, memberId: string, organizationId: OrganizationId) =>
  refusalOf(standingOfMemberId(memberId as MemberId, state, null), {
    asks: { right: 'policies:publish', on: ['organization'] },
    targets: [{ kind: 'organization', organizationId }],
  }) === null;

const codeOf = (outcome: CommandOutcome) => (outcome.outcome === 'rejected' ? outcome.rejection.code : 'done');
const commanding =
  ({ commands }: TestProcess, { organizationId }: Opened) =>
  ({ caller }: Person, command: object) =>
    commands.execute(organizationId, caller, command as never);
const joins = (organization: Opened, role: OrganizationRole) =>
  joinTreasury(one, organization, { role, team: role === 'viewer' ? 'none' : 'approver' });
const newPublication = () => newId<PublicationId>('pub', Date.now());

describe('at the same moment, over two processes', () => {
  it('two owners leave: one of them cannot', async () => {
    const organization = await openOrganization(one, asking);
    let [ada, grace] = [await joins(organization, 'owner'), await joins(organization, 'owner')];
    const won = { ada: 0, grace: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const leave = { type: 'LeaveOrganization' };
      const codes = (
        await race(
          round,
          () => commanding(one, organization)(ada, leave),
          () => commanding(two, organization)(grace, leave),
        )
      ).map(codeOf);
      expect([...codes].sort(), `round ${round}`).toEqual(['done', 'identity.last_owner']);
      if (codes[0] === 'done') ada = await joins(organization, 'owner');
      else grace = await joins(organization, 'owner');
      won[codes[0] === 'done' ? 'ada' : 'grace'] += 1;
    }
    let hadOwner = false;
    const state = await recheck(organization.organizationId, (event, before) => {
      if (hadOwner) expect(ownersOf(before).length, event.type).toBeGreaterThan(0);
      hadOwner ||= ownersOf(before).length > 0;
    });
    expect(ownersOf(state)).toHaveLength(2);
    expect(Math.min(won.ada, won.grace)).toBeGreaterThan(0);
  }, 60_000);

  it('a vote and its revocation: it counts while the right is there, or not at all', async () => {
    const organization = await openOrganization(one, asking);
    const { tell, caller, organizationId } = organization;
    const ada = await joins(organization, 'member');
    const role = (to: 'approver' | 'none') =>
      ({ type: 'ChangeTeamRole', memberId: ada.memberId, team: 'treasury', role: to }) as const;
    const came = { done: 0, refused: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const asked = await one.decisions.decide(caller, purchase({ target: `book-${round}` }));
      const [vote, revoked] = await race(
        round,
        () => answering(one, organization)(ada, approve(asked)),
        () => two.commands.execute(organizationId, operator, role('none')),
      );
      expect(codeOf(revoked)).toBe('done');
      came[vote.outcome === 'accepted' ? 'done' : 'refused'] += 1;
      if (vote.outcome === 'rejected') expect(vote.rejection.code, `round ${round}`).toBe('approvals.not_a_decider');
      await tell(role('approver'));
      // What was refused is settled, so that no more wait than may.
      if (vote.outcome === 'rejected') await answering(one, organization)(ada, approve(asked));
    }
    let votes = 0;
    await recheck(organizationId, (event, before) => {
      if (event.type !== 'ApprovalVoted' && event.type !== 'ApprovalApproved') return;
      const { teamId } = findTeam(before, 'treasury') as { teamId: TeamId };
      expect(mayDecideFor(before, event.data.by, teamId)).toBe(true);
      votes += 1;
    });
    expect(votes).toBe(2 * ROUNDS);
    expect(Math.min(came.done, came.refused)).toBeGreaterThan(0);
  }, 60_000);

  it('a publish and a demotion: what is published was published by somebody who could', async () => {
    const organization = await openOrganization(one, asking);
    const { tell, organizationId } = organization;
    const ada = await joins(organization, 'admin');
    const became = (role: OrganizationRole) => ({ type: 'ChangeRole', memberId: ada.memberId, role }) as const;
    const came = { done: 0, refused: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const [published] = await race(
        round,
        () => commanding(one, organization)(ada, { type: 'PublishPolicy', document: plain(round), note: '' }),
        () => two.commands.execute(organizationId, operator, became('member')),
      );
      expect(codeOf(published)).toMatch(/^(done|identity\.forbidden)$/);
      came[published.outcome === 'accepted' ? 'done' : 'refused'] += 1;
      await tell(became('admin'));
    }
    let versions = 0;
    await recheck(organizationId, ({ type }, before, actor) => {
      if (type !== 'PolicyPublished' || actor.kind !== 'member') return;
      expect(mayPublish(before, actor.id, organizationId)).toBe(true);
      versions += 1;
    });
    expect(versions).toBe(came.done);
    expect(Math.min(came.done, came.refused)).toBeGreaterThan(0);
  }, 60_000);

  it('two second persons, and the demotion of the first: confirmed once, and wanted by somebody who could', async () => {
    const organization = await openOrganization(one, asking);
    const { tell, organizationId } = organization;
    const [ada, grace, edith] = [
      await joins(organization, 'admin'),
      await joins(organization, 'admin'),
      await joins(organization, 'admin'),
    ];
    const settings = { policyFourEyes: true } as const;
    await tell({ type: 'ChangeSettings', settings });
    const came: Record<string, number> = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      const publicationId = newPublication();
      const wish = { type: 'PublishPolicy', document: plain(round), note: '', publicationId };
      expect(codeOf(await commanding(one, organization)(ada, wish))).toBe('done');
      const confirm = { type: 'ConfirmPublication', publicationId };
      const became = (role: OrganizationRole) => ({ type: 'ChangeRole', memberId: ada.memberId, role }) as const;
      const [[first, second], demoted] = await Promise.all([
        race(
          round,
          () => commanding(one, organization)(grace, confirm),
          () => commanding(two, organization)(edith, confirm),
        ),
        two.commands.execute(organizationId, operator, became(round % 3 === 0 ? 'member' : 'admin')),
      ]);
      expect(codeOf(demoted)).toBe('done');
      const codes = [first, second].map(codeOf);
      for (const code of codes) came[code] = (came[code] ?? 0) + 1;
      expect(codes.filter((code) => code === 'done').length, `round ${round}: ${codes.join()}`).toBeLessThan(2);
      if (!codes.includes('done')) await tell({ type: 'RejectPublication', publicationId, reason: 'void' });
      await tell(became('admin'));
    }
    let confirmed = 0;
    await recheck(organizationId, (event, before, actor) => {
      if (event.type !== 'PublicationConfirmed') return;
      const wantedBy = before.publications.get(event.data.publicationId)?.by.id ?? '';
      expect(wantedBy).not.toBe(actor.id);
      expect([wantedBy, actor.id].map((id) => mayPublish(before, id, organizationId))).toEqual([true, true]);
      confirmed += 1;
    });
    expect(confirmed).toBe(came['done']);
    const state = await recheck(organizationId, () => undefined);
    expect(state.policies.get('plain' as Name)?.version).toBe(confirmed);
    expect(Object.keys(came).sort()).toEqual(['done', 'policies.publication_not_found', 'policies.publication_void']);
  }, 60_000);
});
