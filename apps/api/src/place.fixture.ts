import { expect } from 'vitest';
import { at, type Operated } from './operator.fixture.ts';
import { graph, joins } from './people.fixture.ts';
import type { Place } from './walk.fixture.ts';

interface Done {
  readonly key: string;
  readonly events: readonly { readonly data: Readonly<Record<string, string>> }[];
}

const idIn = ({ events }: Done, name: string) => events[0]?.data[name] ?? '';

/** A team with one of each thing. */
export async function place(operated: Operated, organization: string, team: string): Promise<Place> {
  const run = async (body: object) => (await operated.command(organization, body)).body as never as Done;
  const agent = `${team}-agent`;
  const retired = `${team}-retired`;
  const policy = `${team}-policy`;
  const first = `apiVersion: countersign/v1
name: ${policy}
allow: ["shop.buy:*"]
ask: [{ match: "shop.refund:*", approval: { team: ${team} } }]
limits: { ai_daily_usd: 1 }
`;
  const document = `${first}# in force\n`;
  const teamId = idIn(await run({ type: 'CreateTeam', name: team }), 'teamId');
  const registered = await run({ type: 'RegisterAgent', name: agent, team });
  await run({ type: 'RegisterAgent', name: retired, team });
  const revoked = idIn(await run({ type: 'IssueAgentKey', agent }), 'keyId');
  await run({ type: 'RevokeAgentKey', keyId: revoked });
  const { key } = await run({ type: 'IssueAgentKey', agent });
  await run({ type: 'PublishPolicy', document: first });
  await run({ type: 'AttachPolicy', name: policy, layer: 'agent', point: agent });
  await run({ type: 'ChangeSettings', settings: { policyFourEyes: true } });
  const publicationId = idIn(await run({ type: 'PublishPolicy', document: `${first}# waits\n` }), 'publicationId');
  await run({ type: 'ChangeSettings', settings: { policyFourEyes: false } });
  await run({ type: 'PublishPolicy', document });
  const decided = await operated.ask(key, { intent: 'shop.buy', args: { what: 'a blue mug' } });
  expect(decided.body, decided.text).toMatchObject({ verdict: 'allow' });
  const waiting = await asked(operated, key, { organization, team });
  await run({ type: 'RetireAgent', agent: retired });
  const lifted = idIn(await run({ type: 'PlaceStop', scope: { kind: 'agent', agent } }), 'stopId');
  await run({ type: 'LiftStop', stopId: lifted });
  const stop = await run({ type: 'PlaceStop', scope: { kind: 'team', team } });
  const { memberId } = await joins(operated, organization, {
    name: `someone-of-${team}`,
    role: 'member',
    teams: [{ team, role: 'none' }],
  });
  const { body } = await operated.call('GET', at(organization));
  return {
    organizationId: String(body['id']),
    team,
    teamId,
    agent,
    agentId: idIn(registered, 'agentId'),
    retired,
    revokedKeyId: revoked,
    memberId,
    policy,
    document,
    stopId: idIn(stop, 'stopId'),
    liftedStopId: lifted,
    decisionId: String(decided.body['id']),
    ...waiting,
    publicationId,
    key,
  };
}

/** Something that waits for the team, and a grant that its approver gave beside something else. */
async function asked(
  operated: Operated,
  key: string,
  { organization, team }: { readonly organization: string; readonly team: string },
) {
  const ask = async (target: string) => {
    const { body, text } = await operated.ask(key, { intent: 'shop.refund', target, args: { what: 'a red mug' } });
    expect(body, text).toMatchObject({ verdict: 'ask' });
    return { digest: String(body['actionDigest']).slice(7), approvalId: (body['approval'] as { id: string }).id };
  };
  const { token } = await joins(operated, organization, {
    name: `approver-of-${team}`,
    role: 'member',
    teams: [{ team, role: 'approver' }],
  });
  const { body } = await operated.call('GET', at(organization));
  const input = { organizationId: body['id'], verdict: 'approve', ...(await ask('granted')) };
  const grant = { pattern: 'shop.refund:granted', when: 'true' };
  const { data, text } = await graph(operated, token, {
    query: 'mutation ($i: DecideApprovalInput!) { decideApproval(input: $i) { ... on ApprovalDone { grantId } } }',
    variables: { i: { ...input, grant } },
  });
  const { grantId } = (data?.['decideApproval'] ?? {}) as { grantId?: string };
  expect(grantId, text).toMatch(/^grt_/);
  return { approvalId: (await ask('waits')).approvalId, grantId: String(grantId) };
}
