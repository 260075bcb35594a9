import { CommandFailed } from '../command-failed.ts';
import type { Credentials } from '../credentials.ts';
import { demo, type DemoAgent } from './demo.ts';

/**
 * Makes the demo organization through the operator's REST surface, as anybody could. What is there already stays, so
 * a first start that was cut short is simply repeated; agents get a key each time, for only its hash was kept.
 *
 * @throws CommandFailed with what the api answered
 */
export async function seedDemo(
  apiUrl: string,
  operatorToken: string,
): Promise<Pick<Credentials, 'organization' | 'agents'>> {
  const post = poster(apiUrl, operatorToken);
  const commands = `/operator/organizations/${demo.organization}/commands`;
  await post('/operator/organizations', { name: demo.organization });
  for (const name of demo.teams) await post(commands, { type: 'CreateTeam', name });
  for (const agent of demo.agents)
    await post(commands, { type: 'RegisterAgent', name: agent.name, team: agent.team, profile: agent.profile });
  for (const { document, name, agents } of demo.policies) {
    await post(commands, { type: 'PublishPolicy', document });
    for (const point of agents) await post(commands, { type: 'AttachPolicy', name, layer: 'agent', point });
  }
  const keys = await Promise.all(
    demo.agents.map(async (agent) => keyOf(agent, await post(commands, { type: 'IssueAgentKey', agent: agent.name }))),
  );
  return { organization: demo.organization, agents: keys };
}

function keyOf({ name, team }: DemoAgent, answer: Answer): Credentials['agents'][number] {
  const { key } = answer.body as { key?: unknown };
  if (typeof key !== 'string') throw new CommandFailed(`the demo could not be made: no key was issued for ${name}`);
  return { name, team, key };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const CONFLICT = 409;

/** A conflict says that it exists already, which is what was wanted. */
function poster(apiUrl: string, token: string): (path: string, body: object) => Promise<Answer> {
  return async (path, body) => {
    const response = await fetch(`${apiUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (response.ok || response.status === CONFLICT)
      return { status: response.status, body: JSON.parse(text) as unknown };
    throw new CommandFailed(
      `the demo could not be made: POST ${path} answered ${response.status} ${text.slice(0, 500)}`,
    );
  };
}
