import { refuse } from '@countersign/http';
import type { Target } from '@countersign/identity';
import { OrganizationId, TeamId } from '@countersign/kernel';
import { Args, Field, ID, Int, Mutation, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Asks, type FieldCall } from './rights/asks.ts';
import { UnaskedFields } from './rights/demand-rights.ts';
import { payloadOf, refusal, Refusal } from './schema/refusal.ts';
import { ADA, openSurface, ours, theirs } from './surface.fixture.ts';

const about = ({ args }: FieldCall<unknown, { organization: string }>): Target | null => {
  const id = OrganizationId.safeParse(args.organization);
  return id.success ? { kind: 'organization', organizationId: id.data } : null;
};
const agentOf = ({ parent }: FieldCall<Action>): Target => ({
  kind: 'agent',
  organizationId: ours,
  teamId: TeamId.parse(parent.team),
});

@ObjectType()
@Asks({ right: null, of: 'signed-in', why: 'of a test' })
class Action {
  @Field(() => ID)
  id!: string;

  @Field({ nullable: true })
  @Asks({ right: 'agents:manage', on: agentOf })
  args!: string;

  @Field(() => [Action])
  before!: Action[];

  team!: string;
}

@ObjectType()
@Asks({ right: null, of: 'signed-in', why: 'of a test' })
class Renamed {
  @Field()
  name!: string;
}
const RenamePayload = payloadOf('RenamePayload', Renamed);

const action = (id: string): Action => ({
  id,
  args: 'secret',
  before: [],
  team: `team_${'f'.repeat(32)}`,
});
let renamed = 0;

@Resolver(() => Action)
class ActionResolver {
  @Query(() => [Action])
  @Asks({ right: 'organization:read', on: about })
  actions(@Args('organization') _: string, @Args('first', { type: () => Int }) first: number): Action[] {
    return Array.from({ length: first }, (_each, index) => action(`a-${index}`));
  }

  @ResolveField()
  before(@Parent() { id }: Action): Action[] {
    return [action(`${id}-before`)];
  }

  @Query(() => String)
  @Asks({ right: null, of: 'signed-in', why: 'of a test' })
  broken(@Args('how') how: string): string {
    if (how === 'problem') throw refuse(409, 'test.conflict', 'Conflict', 'there was another');
    if (how === 'away') throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
    throw new Error('relation "identity.users" of host db-7 is broken');
  }

  @Mutation(() => RenamePayload)
  @Asks({ right: 'organization:manage', on: about })
  rename(@Args('organization') _: string, @Args('name') name: string): Renamed | Refusal {
    if (name === '') return refusal('test.empty', 'a name is needed');
    renamed += 1;
    return Object.assign(new Renamed(), { name });
  }
}

let surface: Awaited<ReturnType<typeof openSurface>>;
beforeAll(async () => {
  surface = await openSurface([ActionResolver]);
});
afterAll(() => surface.close());

const codesOf = ({ body }: Awaited<ReturnType<typeof surface.ask>>) =>
  (body.errors ?? []).map(({ extensions: { code } }) => code);

describe('who is asking', () => {
  it('is known, read once however often it is asked for, or nobody', async () => {
    const before = surface.people.asked.length;
    const { body } = await surface.ask('{ me { person { name } method } again: me { person { id } } }', ADA);
    expect(body).toEqual({
      data: { me: { person: { name: 'Ada' }, method: 'password' }, again: { person: { id: ADA } } },
    });
    expect(surface.people.asked.slice(before)).toEqual([[ADA]]);
    expect((await surface.ask('{ me { method } }')).body).toEqual({ data: { me: null } });
    expect((await surface.ask('{ me { method } }', 'nobody')).body).toEqual({ data: { me: null } });
  });
});

describe('a request that is refused whoever it is from', () => {
  it('is refused as that, and nothing is executed', async () => {
    const answer = await surface.send({ query: '{ me { method } }' }, { 'x-user': 'refused' });
    expect([answer.status, codesOf(answer), answer.body.data]).toEqual([403, ['test.refused'], null]);
  });
});

describe('rights', () => {
  const read = (organization: string) => `{ actions(organization: "${organization}", first: 1) { id } }`;

  it.each([
    ['owner', []],
    ['auditor', []],
    ['member', ['identity.forbidden']],
    ['viewer', ['identity.forbidden']],
    ['somebody else', ['graphql.not_found']],
    [undefined, ['sign_in.required']],
  ])('of a field are asked for before it is resolved: %s', async (who, codes) =>
    expect(codesOf(await surface.ask(read(ours), who))).toEqual(codes),
  );

  it('I7: another organization, one that does not exist and what is no id are answered alike', async () => {
    const answers = await Promise.all(
      [theirs, crypto.randomUUID(), 'x'].map((organization) => surface.ask(read(organization), 'owner')),
    );
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    expect(answers.map(codesOf)).toEqual(Array(3).fill(['graphql.not_found']));
  });

  it('end where a token does', async () => {
    const query = { query: read(ours) };
    expect(codesOf(await surface.send(query, { 'x-user': 'owner', 'x-bound-to': theirs }))).toEqual([
      'graphql.not_found',
    ]);
    expect(codesOf(await surface.send(query, { 'x-user': 'owner', 'x-bound-to': ours }))).toEqual([]);
  });

  it('of a field inside are asked for there, and the rest is answered', async () => {
    const query = `{ actions(organization: "${ours}", first: 1) { id args } }`;
    expect((await surface.ask(query, 'owner')).body.data).toEqual({ actions: [{ id: 'a-0', args: 'secret' }] });
    const auditor = await surface.ask(query, 'auditor');
    expect(auditor.body.data).toEqual({ actions: [{ id: 'a-0', args: null }] });
    expect([auditor.status, codesOf(auditor)]).toEqual([200, ['identity.forbidden']]);
  });

  it('of a mutation are asked for before anything is done', async () => {
    const rename = (who: string, name = 'x') =>
      surface.ask(
        `mutation { rename(organization: "${ours}", name: "${name}") { __typename ... on Renamed { name } ... on Refusal { code } } }`,
        who,
      );
    expect(codesOf(await rename('viewer'))).toEqual(['identity.forbidden']);
    expect(renamed).toBe(0);
    expect((await rename('owner')).body.data).toEqual({ rename: { __typename: 'Renamed', name: 'x' } });
    expect((await rename('owner', '')).body.data).toEqual({ rename: { __typename: 'Refusal', code: 'test.empty' } });
  });

  it('that nobody named keep the process from starting', async () => {
    @Resolver()
    class Forgetful {
      @Query(() => String)
      forgotten(): string {
        return 'x';
      }
    }
    await expect(openSurface([Forgetful])).rejects.toThrow(UnaskedFields);
    await expect(openSurface([Forgetful])).rejects.toThrow(/Query\.forgotten/);
  });
});

describe('I13: what went wrong', () => {
  const broken = (how: string) => surface.ask(`{ broken(how: "${how}") }`, ADA);

  it('is told by a number and no word of its own when it is ours', async () => {
    const answer = await broken('defect');
    expect(codesOf(answer)).toEqual(['server.defect']);
    expect(answer.text).not.toMatch(/relation|identity|db-7/);
  });

  it('is told as passing when the database is away, and by its own code when it is a problem', async () => {
    const away = await broken('away');
    expect([codesOf(away), away.text.includes('10.0.0.7')]).toEqual([['database.away'], false]);
    expect((await broken('problem')).body.errors).toMatchObject([
      { message: 'there was another', extensions: { code: 'test.conflict' }, path: ['broken'] },
    ]);
  });

  it.each([
    ['{ me { colour } }'],
    ['{'],
    ['{ broken }'],
    ['query ($how: String!) { broken(how: $how) }'],
    ['mutation { noSuch }'],
    ['subscription { noSuch }'],
    ['fragment F on Me { ...F } { me { ...F } }'],
  ])('%s is the caller’s mistake, and says which', async (query) => {
    const answer = await surface.ask(query, ADA);
    expect([answer.status, new Set(codesOf(answer))]).toEqual([400, new Set(['graphql.invalid'])]);
    expect(answer.body.errors?.[0]?.message.length).toBeGreaterThan(10);
  });
});

describe('a body', () => {
  it.each([
    ['that is no JSON', '{'],
    ['with a field twice', '{"query":"{me{method}}","query":"{me{method}}"}'],
    ['with a field that there is not', { query: '{ me { method } }', colour: 'red' }],
    ['without a query', {}],
    ['with a query that is none', { query: 7 }],
    ['with variables that are none', { query: '{ me { method } }', variables: [1] }],
    ['of several', [{ query: '{ me { method } }' }]],
    ['with a query of 20,000 characters', { query: `{ me { method } } ${'#'.repeat(20_000)}` }],
    ['with a syntax tree', { query: '{"kind":"Document","definitions":[]}' }],
  ])('%s is refused', async (_, payload) => {
    const answer = await surface.send(payload);
    expect([answer.status, codesOf(answer)]).toEqual([400, ['request.invalid']]);
  });

  it('comes by POST, as JSON', async () => {
    const get = await surface.app.inject({ method: 'GET', url: '/graphql?query=%7Bme%7Bmethod%7D%7D' });
    expect([get.statusCode, get.json()]).toMatchObject([
      405,
      { errors: [{ extensions: { code: 'graphql.post_only' } }] },
    ]);
    const other = await surface.send('{ me { method } }', { 'content-type': 'application/graphql' });
    expect(other.status).toBe(415);
  });
});

describe('a query that asks for too much', () => {
  const nested = (depth: number) => `${'{ before '.repeat(depth)}{ id }${' }'.repeat(depth)}`;
  const timed = async (query: string) => {
    const startedAt = performance.now();
    const answer = await surface.ask(query, 'owner');
    return { codes: new Set(codesOf(answer)), ms: performance.now() - startedAt };
  };

  it.each([
    ['deep', `{ actions(organization: "${ours}", first: 1) ${nested(12)} }`, 'graphql.too_deep'],
    ['in large pages', `{ actions(organization: "${ours}", first: 20000) { id } }`, 'graphql.too_costly'],
    [
      'by aliases',
      `{ ${Array.from({ length: 60 }, (_, index) => `a${index}: actions(organization: "${ours}", first: 100) { id before { id before { id } } }`).join(' ')} }`,
      'graphql.too_costly',
    ],
    [
      'by fragments of fragments',
      `${Array.from({ length: 30 }, (_, index) => `fragment F${index} on Action { a: before { ...F${index + 1} } b: before { ...F${index + 1} } }`).join(' ')} fragment F30 on Action { id } { actions(organization: "${ours}", first: 1) { ...F0 } }`,
      'graphql.too_deep',
    ],
    ['by repeating itself', `{ ${'me { method } '.repeat(290)} }`, 'graphql.too_costly'],
    ['by repeating fragments', `{ me { ${'... { method } '.repeat(290)} } }`, 'graphql.too_costly'],
    ['in many words', `{ ${'me { method } '.repeat(900)} }`, 'graphql.invalid'],
    [
      'about the schema',
      `{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }`,
      'graphql.invalid',
    ],
  ])('%s is refused before anything is read, and soon', async (_, query, code) => {
    const { codes, ms } = await timed(query);
    expect(codes).toContain(code);
    expect(ms).toBeLessThan(1_000);
  });

  it('is told how to ask for less', async () => {
    const { body } = await surface.ask(`{ actions(organization: "${ours}", first: 20000) { id } }`, 'owner');
    expect(JSON.stringify(body)).toContain('ask for fewer with `first`');
  });

  it('is measured by variables as if they asked for whole pages', async () => {
    const query = (first: string) =>
      `query ($n: Int!) { ${Array.from({ length: 21 }, (_, index) => `a${index}: actions(organization: "${ours}", first: ${first}) { id before { id } }`).join(' ')} }`;
    expect(codesOf(await surface.ask(query('$n'), 'owner', { n: 1 }))).toEqual(['graphql.too_costly']);
  });

  it('is measured as often as its fragments are used', async () => {
    const fragment = 'fragment F on Action { before { before { before { id } } } }';
    const used = (times: number) =>
      Array.from({ length: times }, (_, index) => `a${index}: actions(organization: "${ours}", first: 10) { ...F }`);
    const codes = async (times: number) =>
      codesOf(await surface.ask(`${fragment} { ${used(times).join(' ')} }`, 'owner'));
    expect([await codes(1), await codes(2)]).toEqual([[], ['graphql.too_costly']]);
  });

  it('is not one that a person would ask', async () => {
    const page = `{ actions(organization: "${ours}", first: 100) { id args before { id args before { id } } } }`;
    const { body } = await surface.ask(page, 'owner');
    expect(body.errors).toBeUndefined();
    const { getIntrospectionQuery } = await import('graphql');
    expect((await surface.ask(getIntrospectionQuery())).body.errors).toBeUndefined();
  });
});
