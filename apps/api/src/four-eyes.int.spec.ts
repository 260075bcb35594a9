import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, openOperator, type Operated } from './operator.fixture.ts';
import { graph, joins, type Joined } from './people.fixture.ts';

let operated: Operated;
beforeAll(async () => {
  operated = await openOperator();
}, 60_000);
afterAll(() => operated.close());

const document = (intent: string) => `apiVersion: countersign/v1\nname: guard\nallow: ["${intent}:*"]\n`;

/** What a mutation came to: done, or why not. */
interface Came {
  readonly __typename: string;
  readonly position?: number | null;
  readonly publicationId?: string | null;
  readonly code?: string;
}

/** An organization under four eyes, with an agent that may buy, an owner, an admin, and a lead of the agent's team. */
async function guarded(name: string) {
  await operated.call('POST', '/operator/organizations', { body: { name } });
  const command = (body: object) => operated.command(name, body);
  await command({ type: 'CreateTeam', name: 'shop' });
  await command({ type: 'RegisterAgent', name: 'buyer', team: 'shop' });
  const { key } = (await command({ type: 'IssueAgentKey', agent: 'buyer' })).body as { key?: string };
  await command({ type: 'PublishPolicy', document: document('shop.buy') });
  await command({ type: 'AttachPolicy', name: 'guard', layer: 'agent', point: 'buyer' });
  const joining = (person: string, role: 'owner' | 'admin' | 'member', teams: readonly object[] = []) =>
    joins(operated, name, { name: `${person}-${name}`, role, teams: teams as never });
  const ada = await joining('ada', 'owner');
  const grace = await joining('grace', 'admin');
  const lead = await joining('lead', 'member', [{ team: 'shop', role: 'lead' }]);
  await command({ type: 'ChangeSettings', settings: { policyFourEyes: true, leadsPublish: true } });
  const { body } = await operated.call('GET', at(name));
  const organizationId = String(body['id']);
  const verdict = async (intent: string) => (await operated.ask(String(key), { intent })).body['verdict'];
  return { name, organizationId, command, ada, grace, lead, verdict };
}
type Guarded = Awaited<ReturnType<typeof guarded>>;

async function mutate({ organizationId }: Guarded, { token }: Joined, mutation: string, input: object): Promise<Came> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) {
    __typename ... on CommandDone { position publicationId } ... on Refusal { code } } }`;
  const answer = await graph(operated, token, { query, variables: { input: { organizationId, ...input } } });
  const came = answer.data?.[mutation] as Came | undefined;
  return came ?? { __typename: 'Error', code: answer.codes[0] ?? answer.text };
}

async function pending({ organizationId }: Guarded, { token }: Joined) {
  const query = `query ($id: ID!) { organization(id: $id) { publications { edges { node {
    id kind policy baseVersion document attachment { layer name } proposedById confirmerIds } } } } }`;
  const { data, text } = await graph(operated, token, { query, variables: { id: organizationId } });
  const organization = data?.['organization'] as
    | { readonly publications: { readonly edges: readonly { readonly node: Readonly<Record<string, unknown>> }[] } }
    | undefined;
  if (!organization) throw new Error(text);
  return organization.publications.edges.map(({ node }) => node);
}

describe('under four eyes', () => {
  it('a member’s version is in force from the moment another member confirms it', async () => {
    const organization = await guarded('versions');
    const { ada, grace, lead, verdict } = organization;
    const wanted = await mutate(organization, ada, 'publishPolicy', { document: document('mail.send') });
    expect(wanted).toMatchObject({ __typename: 'CommandDone', position: expect.any(Number) });
    const { publicationId = '' } = wanted;
    expect(publicationId).toMatch(/^pub_/);
    expect([await verdict('shop.buy'), await verdict('mail.send')]).toEqual(['allow', 'block']);

    const [waiting] = await pending(organization, grace);
    expect(waiting).toMatchObject({
      id: publicationId,
      ...{ kind: 'publish', policy: 'guard', baseVersion: 1, document: document('mail.send'), attachment: null },
      ...{ proposedById: ada.memberId, confirmerIds: [grace.memberId, lead.memberId] },
    });
    const own = await mutate(organization, ada, 'confirmPublication', { publicationId });
    expect(own).toMatchObject({ __typename: 'Refusal', code: 'policies.own_publication' });

    const confirmed = await mutate(organization, grace, 'confirmPublication', { publicationId });
    expect(confirmed).toMatchObject({ __typename: 'CommandDone', publicationId: null });
    expect([await verdict('shop.buy'), await verdict('mail.send')]).toEqual(['block', 'allow']);
    expect(await pending(organization, grace)).toEqual([]);
    expect(await mutate(organization, grace, 'confirmPublication', { publicationId })).toMatchObject({
      code: 'policies.publication_not_found',
    });
  });

  it('attaching and detaching wait as well, and what was rejected never was in force', async () => {
    const organization = await guarded('points');
    const { ada, lead, verdict } = organization;
    const point = { name: 'guard', layer: 'agent', point: 'buyer' };
    const { publicationId = '' } = await mutate(organization, lead, 'detachPolicy', point);
    expect(await verdict('shop.buy')).toBe('allow');
    const [waiting] = await pending(organization, lead);
    expect(waiting).toMatchObject({ kind: 'detach', attachment: { layer: 'agent', name: 'buyer' } });

    expect(await mutate(organization, lead, 'confirmPublication', { publicationId })).toMatchObject({
      code: 'policies.own_publication',
    });
    const rejected = await mutate(organization, ada, 'rejectPublication', { publicationId, reason: 'we need it' });
    expect(rejected).toMatchObject({ __typename: 'CommandDone' });
    expect([await verdict('shop.buy'), await pending(organization, lead)]).toEqual(['allow', []]);

    const again = await mutate(organization, lead, 'detachPolicy', point);
    await mutate(organization, ada, 'confirmPublication', { publicationId: again.publicationId });
    expect(await verdict('shop.buy')).toBe('block');
  });

  it('an operator proposes, and takes back, and never confirms', async () => {
    const organization = await guarded('operated');
    const { command, grace, name, verdict } = organization;
    const publish = { type: 'PublishPolicy', document: document('mail.send') };
    const { body } = await command(publish);
    const waiting = body['waiting'] as { publicationId: string; confirmers: string[] };
    expect(waiting.confirmers).toEqual(['ada-operated', 'grace-operated', 'lead-operated']);
    expect((await command(publish)).body).toMatchObject({ position: null, waiting });

    const listed = await operated.call('GET', at(name, '/publications'));
    expect(listed.body['publications']).toMatchObject([
      { id: waiting.publicationId, kind: 'publish', by: { kind: 'operator', name: 'ada' }, document: publish.document },
    ]);
    const confirm = { type: 'ConfirmPublication', publicationId: waiting.publicationId };
    const refused = await command(confirm);
    expect([refused.status, refused.body.code]).toEqual([422, 'policies.members_confirm']);
    expect(await verdict('mail.send')).toBe('block');

    const { publicationId } = waiting;
    expect((await command({ type: 'RejectPublication', publicationId })).status).toBe(200);
    expect((await command({ type: 'RejectPublication', publicationId })).body.code).toBe(
      'policies.publication_not_found',
    );
    const anew = (await command(publish)).body['waiting'] as { publicationId: string };
    await mutate(organization, grace, 'confirmPublication', { publicationId: anew.publicationId });
    expect(await verdict('mail.send')).toBe('allow');
    const { body: history } = await operated.call('GET', at(name, '/policies/guard/versions'));
    expect(history['versions']).toMatchObject([{ version: 1 }, { version: 2, by: grace.memberId }]);
  });

  it('a confirmed budget starts from what its window already spent, and every row is what the ledger says', async () => {
    const organization = await guarded('money');
    const { ada, grace, command, name } = organization;
    const { body: keyed } = await command({ type: 'IssueAgentKey', agent: 'buyer' });
    const spend = () => operated.ask(String(keyed['key']), { intent: 'shop.buy', cost: { usd: '0.75' } });
    expect((await spend()).body['verdict']).toBe('allow');
    const capped = `${document('shop.buy')}budgets: [{ name: all, scope: agent, match: "shop.*:*", unit: usd, window: total, cap: 1 }]\n`;
    const { publicationId } = await mutate(organization, ada, 'publishPolicy', { document: capped });
    expect((await spend()).body['verdict']).toBe('allow');
    await mutate(organization, ada, 'publishPolicy', { document: `${capped}# another` });
    const confirmed = await mutate(organization, grace, 'confirmPublication', { publicationId });
    expect(confirmed).toMatchObject({ __typename: 'CommandDone' });
    // 1.50 was spent before the cap of 1 began.
    expect((await spend()).body['verdict']).toBe('block');
    const checked = await operated.call('POST', at(name, '/state/check'));
    expect(checked.body).toMatchObject({ agrees: true, differencesInAll: 0 });
  });

  it('what follows a version that was replaced can only be rejected', async () => {
    const organization = await guarded('replaced');
    const { ada, grace, lead } = organization;
    const first = await mutate(organization, ada, 'publishPolicy', { document: document('mail.send') });
    const second = await mutate(organization, grace, 'publishPolicy', { document: document('mail.read') });
    const point = { name: 'guard', layer: 'team', point: 'shop' };
    const attach = await mutate(organization, grace, 'attachPolicy', point);
    await mutate(organization, grace, 'confirmPublication', { publicationId: first.publicationId });
    for (const { publicationId } of [second, attach])
      expect(await mutate(organization, ada, 'confirmPublication', { publicationId })).toMatchObject({
        code: 'policies.version_conflict',
      });
    // A lead answers for their own agents alone: this one is about the whole team.
    expect(
      await mutate(organization, lead, 'rejectPublication', { publicationId: attach.publicationId }),
    ).toMatchObject({ code: 'identity.forbidden' });
    expect(await pending(organization, lead)).toMatchObject([{ id: second.publicationId }]);
  });
});
