import {
  may,
  OrganizationRole,
  registryProblems,
  type MemberStanding,
  type OperationRights,
  type Target,
  type TeamRole,
} from '@countersign/identity';
import { OrganizationId, type MemberId, type TeamId } from '@countersign/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOperator, type Operated } from './operator.fixture.ts';
import { graph, joins, type GraphAnswer, type Joined } from './people.fixture.ts';
import { place } from './place.fixture.ts';
import { mutations, queries, type Place, type Step } from './walk.fixture.ts';

const steps = { ...queries, ...mutations };

interface Actor {
  readonly role: OrganizationRole;
  /** In their own team; nowhere else are they anything. */
  readonly teamRole: TeamRole;
}

/** Every role, and with every role in a team that it may have. */
const actors: readonly Actor[] = OrganizationRole.options.flatMap((role) =>
  (role === 'auditor' || role === 'viewer' ? (['none'] as const) : (['none', 'approver', 'lead'] as const)).map(
    (teamRole) => ({ role, teamRole }),
  ),
);

let operated: Operated;
let own: Place;
let other: Place;
let elsewhere: Place;
const people = new Map<string, Joined>();
const nameOf = ({ role, teamRole }: Actor) => `${role}-${teamRole}`;

beforeAll(async () => {
  operated = await openOperator();
  await operated.call('POST', '/operator/organizations', { body: { name: 'acme' } });
  await operated.call('POST', '/operator/organizations', { body: { name: 'babbage' } });
  own = await place(operated, 'acme', 'support');
  other = await place(operated, 'acme', 'treasury');
  elsewhere = await place(operated, 'babbage', 'sales');
  await operated.command('acme', { type: 'InviteMember', email: 'waits@example.com', role: 'viewer' });
  for (const actor of actors) {
    const teams = [{ team: 'support', role: actor.teamRole }];
    people.set(nameOf(actor), await joins(operated, 'acme', { name: nameOf(actor), role: actor.role, teams }));
  }
}, 120_000);
afterAll(() => operated.close());

/** What the step asks is theirs, there: any of the rights that it names. */
function isTheirs({ asks }: Step, actor: Actor, at: Place): boolean {
  if (asks === 'nothing') return true;
  const isMember = at.organizationId === own.organizationId;
  if (asks === 'membership' || !isMember) return isMember;
  const standing: MemberStanding = {
    kind: 'member',
    organizationId: OrganizationId.parse(own.organizationId),
    memberId: people.get(nameOf(actor))?.memberId as MemberId,
    role: actor.role,
    teams: { [own.teamId]: actor.teamRole },
    tokenRights: null,
    leadsPublish: false,
  };
  const { organizationId } = standing;
  const targetOf = (kind: Target['kind']): Target =>
    kind === 'organization' || kind === 'novelty'
      ? { kind, organizationId }
      : { kind, organizationId, teamId: at.teamId as TeamId };
  return asks.some(({ right, on }) => may(standing, right, targetOf(on)));
}

const REFUSED = [
  ...['graphql.not_found', 'identity.forbidden', 'sign_in.required'],
  ...['approvals.not_a_decider', 'approvals.not_found', 'grants.not_a_decider', 'grants.not_found'],
];

/** Whether the answer let them: shown where something is shown, and refused by no code that speaks of rights. */
function wasLet({ asks, isShown }: Step, { text, codes }: GraphAnswer): boolean {
  const refusal = /"code":"([a-z_.]+)"/.exec(text)?.[1] ?? '';
  if ([...codes, refusal].some((code) => REFUSED.includes(code))) return false;
  // A call that could not be read shows nothing about rights.
  if (asks !== 'nothing') expect(codes, text).toEqual([]);
  return isShown === undefined || isShown(text);
}

const places = () => [own, other, elsewhere];

interface Walked {
  readonly name: string;
  readonly step: (place: Place) => Step;
  readonly actor: Actor;
  readonly token: string;
}

async function wrongIn(at: Place, { name, step, actor, token }: Walked): Promise<readonly string[]> {
  const call = step(at);
  const answer = await graph(operated, token, call);
  const isRight = wasLet(call, answer) === isTheirs(call, actor, at);
  return isRight ? [] : [`${name} in ${at.team}: ${answer.text.slice(0, 300)}`];
}

const introspection = `{
  root: __schema { queryType { fields { name } } mutationType { fields { name } } }
  organization: __type(name: "Organization") { fields { name args { name } type { kind ofType { kind ofType { kind } } } } }
}`;

interface Introspected {
  readonly root: Readonly<
    Record<'queryType' | 'mutationType', { readonly fields: readonly { readonly name: string }[] }>
  >;
  readonly organization: { readonly fields: readonly { readonly name: string; readonly type: OfKind }[] };
}
interface OfKind {
  readonly kind: string;
  readonly ofType?: OfKind | null;
}
const isObject = ({ kind, ofType }: OfKind): boolean => kind === 'OBJECT' || (!!ofType && isObject(ofType));

describe('the matrix, over every operation of GraphQL', () => {
  it('names every operation there is, and none that is not', async () => {
    const { data } = await graph(operated, null, { query: introspection });
    const { root, organization } = data as unknown as Introspected;
    const operations = [
      ...root.queryType.fields.map(({ name }) => `Query.${name}`),
      ...root.mutationType.fields.map(({ name }) => `Mutation.${name}`),
      // Every part of an organization is an operation of its own; what is told of it by its name alone is not.
      ...organization.fields.filter(({ type }) => isObject(type)).map(({ name }) => `Organization.${name}`),
      ...['Decision.args', 'Approval.action', 'Approval.outlook'],
    ];
    const registry = Object.fromEntries(Object.keys(steps).map((name) => [name, { right: null, why: 'walked' }]));
    expect(registryProblems(operations, registry as OperationRights)).toEqual([]);
  });

  it.each(actors.map((actor) => [nameOf(actor), actor] as const))(
    '%s gets what is theirs, and no more',
    async (_, actor) => {
      const token = people.get(nameOf(actor))?.token ?? '';
      const wrong: string[] = [];
      for (const [name, step] of Object.entries(steps))
        wrong.push(...(await Promise.all(places().map((at) => wrongIn(at, { name, step, actor, token })))).flat());
      expect(wrong).toEqual([]);
    },
    60_000,
  );

  it('I7: nobody, and a member elsewhere, are told of nothing', async () => {
    const { token } = await joins(operated, 'babbage', { name: 'stranger', role: 'owner' });
    const told: string[] = [];
    for (const [name, step] of Object.entries(steps))
      for (const who of [null, token]) {
        const call = step(own);
        if (call.asks !== 'nothing' && wasLet(call, await graph(operated, who, call))) told.push(name);
      }
    expect(told).toEqual([]);
  }, 60_000);
});
