import { buildSchema, isUnionType, type GraphQLSchema } from 'graphql';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badCallsOf, baseOf } from './graph-input.fixture.ts';
import { at, openOperator, type Operated } from './operator.fixture.ts';
import { graph, joins, type GraphAnswer, type Joined } from './people.fixture.ts';

/** Held against the running schema by its own test. */
const sdl = await readFile(path.resolve(import.meta.dirname, '../../../libs/graphql-server/schema.graphql'), 'utf8');
const schema: GraphQLSchema = buildSchema(sdl);

/** Every mutation that commands: members, invitations, teams, agents, keys, policies, stops, settings, what comes next. */
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {})
  .filter(({ type, args }) => String(type).startsWith('CommandPayload') && args.some(({ name }) => name === 'input'))
  .map(({ name }) => name);

/** Where what names nothing would still be carried out, or is refused for less than the field in question. */
const given: Readonly<Record<string, object>> = {
  changeSettings: { settings: {} },
  changeTimeZone: { timeZone: 'UTC' },
  createTeam: { name: 'shop' },
  placeStop: { scope: { kind: 'agent', agent: 'nobody' } },
  publishPolicy: { document: 'apiVersion: countersign/v1\nname: x\nallow: ["a:*"]\n', expectedVersion: 7 },
};

let operated: Operated;
let owner: Joined;
let organizationId: string;
beforeAll(async () => {
  operated = await openOperator();
  await operated.call('POST', '/operator/organizations', { body: { name: 'acme' } });
  await operated.command('acme', { type: 'CreateTeam', name: 'shop' });
  owner = await joins(operated, 'acme', { name: 'ada', role: 'owner' });
  organizationId = String((await operated.call('GET', at('acme'))).body['id']);
}, 60_000);
afterAll(() => operated.close());

const callsOf = (mutation: string) => {
  const [input] = schema.getMutationType()?.getFields()[mutation]?.args ?? [];
  const type = schema.getType(String(input?.type).replace('!', '')) as never;
  return badCallsOf(schema, mutation, baseOf(type, organizationId, (given[mutation] ?? {}) as never));
};

/** Before anything was done, and by a code that blames the caller. */
function isRefused({ status, codes, data }: GraphAnswer, mutation: string): boolean {
  const came = data?.[mutation] as { readonly code?: string } | null | undefined;
  const code = codes[0] ?? came?.code;
  return status < 500 && code !== undefined && code !== 'server.defect';
}

const positionNow = async () => (await operated.call('GET', at('acme'))).body['position'];

describe('bad input', () => {
  it('is tried on every command there is', () => {
    expect(mutations.length).toBeGreaterThan(20);
    expect(isUnionType(schema.getType('CommandPayload'))).toBe(true);
  });

  it.each(mutations)('to %s is refused with a code and the field, and nothing happens', async (mutation) => {
    const before = await positionNow();
    const wrong: string[] = [];
    for (const { name, field, ...call } of callsOf(mutation)) {
      const answer = await graph(operated, owner.token, call);
      const isNamed = field === null || answer.text.includes(field);
      if (!isRefused(answer, mutation) || !isNamed)
        wrong.push(`${name}: ${answer.status} ${answer.text.slice(0, 300)}`);
    }
    expect(wrong).toEqual([]);
    expect(await positionNow()).toBe(before);
    expect((await operated.call('GET', '/health')).status).toBe(200);
  });
});
