import { randomUUID } from 'node:crypto';
import { newId, nodeCrypto } from '@countersign/crypto';
import type { Action, CommandOutcome, ConfigurationCommand } from '@countersign/decisions';
import {
  instant,
  type Actor,
  type AgentId,
  type AgentKeyId,
  type Name,
  type OrganizationId,
  type TeamId,
} from '@countersign/kernel';
import { HeadTransactions } from '@countersign/ledger-server';
import { createPools, type Pools } from '@countersign/postgres';
import { Decider } from './application/decider.ts';
import { Decisions } from './application/decisions.ts';
import { ExecuteCommand } from './application/execute-command.ts';
import type { Caller } from './application/pending.ts';
import { Reports } from './application/reports.ts';
import { Takes } from './application/takes.ts';

export const ada: Actor = { kind: 'operator', id: 'ada', method: 'operator-token', credential: 'test' };

/** One process's worth of Countersign on a test database, without HTTP. */
export function openProcess(url: string) {
  const pools: Pools = createPools(url, { decisions: 4, commands: 2, reads: 4 });
  const transactions = new HeadTransactions(nodeCrypto, Date.now);
  const decider = new Decider(pools.decisions, transactions);
  const decisions = new Decisions(decider, pools.reads, () => instant(Date.now()));
  return {
    pools,
    transactions,
    decider,
    decisions,
    takes: new Takes(decider, decisions),
    reports: new Reports(decider),
    commands: new ExecuteCommand(pools, transactions, null),
    end: () => pools.end(),
  };
}
export type TestProcess = ReturnType<typeof openProcess>;

export function accepted(outcome: CommandOutcome): Extract<CommandOutcome, { outcome: 'accepted' }> {
  if (outcome.outcome === 'rejected') throw new Error(`refused: ${JSON.stringify(outcome.rejection)}`);
  return outcome;
}

/** An organization with a treasury team, an agent `buyer` with a key, and the policy given attached to the agent. */
export async function openOrganization({ commands }: TestProcess, document: string) {
  const organizationId = randomUUID() as OrganizationId;
  const tell = async (command: ConfigurationCommand) =>
    accepted(await commands.execute(organizationId, { actor: ada, tokenRights: null }, command));
  const now = Date.now();
  const agentId = newId<AgentId>('agt', now);
  const keyId = newId<AgentKeyId>('key', now);
  const name = `org-${organizationId.slice(0, 8)}` as Name;
  await tell({ type: 'CreateOrganization', organizationId, name, timeZone: 'UTC' });
  await tell({ type: 'CreateTeam', teamId: newId<TeamId>('team', now), name: 'treasury' });
  await tell({
    type: 'RegisterAgent',
    agentId,
    name: 'buyer',
    team: 'treasury',
    profile: { environment: 'test', riskClass: 'low', labels: {} },
  });
  const hash = randomUUID().replaceAll('-', '').repeat(2);
  await tell({
    type: 'IssueAgentKey',
    keyId,
    agent: 'buyer',
    hash,
    prefix: 'csk_test',
    scopes: ['act', 'test'],
    expiresAt: null,
    boundUser: null,
  });
  const published = await tell({ type: 'PublishPolicy', document, note: '' });
  const policy = (published.events[0]?.data as { name: Name }).name;
  await tell({ type: 'AttachPolicy', name: policy, layer: 'agent', point: 'buyer' });
  const caller: Caller = { organizationId, agentId, keyId };
  return { organizationId, caller, policy, tell };
}

export const purchase = (changes: Partial<Action> = {}): Action => ({
  requestId: randomUUID(),
  intent: 'shop.buy',
  target: 'books',
  cost: { usd: '1' },
  ...changes,
});

/** A treasury policy: buying is allowed up to a total of 5 USD. */
export const fiveDollars = `apiVersion: countersign/v1
name: five-dollars
allow: ["shop.buy:*"]
budgets:
  - { name: all, scope: agent, match: "shop.*:*", unit: usd, window: total, cap: 5 }
`;
