import {
  arrangeAgent,
  arrangeOrganization,
  startSystem,
  type Api,
  type ArrangedAgent,
  type Operator,
  type System,
} from '@countersign/harness';
import { startEcho, type Echo } from './echo.ts';
import { SLOT, type Job } from './load/job.ts';
import { LoadProcess } from './load/load-process.ts';

/** An organization and its agents. */
interface Tenant {
  readonly organization: string;
  /** One policy with budgets of the organization, the team and the agent. */
  readonly budgeted: ArrangedAgent;
  /** One policy with one budget, every action held and settled in one row. */
  readonly single: ArrangedAgent;
  /** Allowed without any budget. */
  readonly plain: ArrangedAgent;
}

/** Everything the rows measure with, started once. */
export interface Stage extends Tenant {
  readonly system: System;
  readonly api: Api;
  readonly echo: Echo;
  readonly load: LoadProcess;
  /** A second generator, for what happens beside a flood. */
  readonly secondLoad: LoadProcess;
  close(): Promise<void>;
}

const CAP = '1000000';

const threeBudgets = `apiVersion: countersign/v1
name: three-budgets
allow:
  - "slack.post:*"
  - match: "refund.issue:*"
    when: "args.amount <= 500"
ask:
  - match: "refund.issue:*"
    when: "args.amount > 500"
block:
  - "fs.delete:*"
budgets:
  - { name: organization-day, scope: organization, unit: usd, window: day, cap: "${CAP}" }
  - { name: team-month, scope: team, unit: usd, window: month, cap: "${CAP}" }
  - { name: agent-day, scope: agent, unit: usd, window: day, cap: "${CAP}" }
`;

const oneBudget = `apiVersion: countersign/v1
name: one-budget
allow: ["refund.issue:*"]
budgets:
  - { name: agent-day, scope: agent, unit: usd, window: day, cap: "${CAP}" }
`;

const noBudget = `apiVersion: countersign/v1
name: no-budget
allow: ["refund.issue:*"]
`;

/** What the rows write: measured is a cluster that has run for a while, which recycles its log instead of making it. */
const LOG_AHEAD_MIB = 1_024;

export async function startStage(nodeOptions: readonly string[] = []): Promise<Stage> {
  const system = await startSystem({ api: { nodeOptions }, database: { logAheadMiB: LOG_AHEAD_MIB } });
  const [api] = system.apis;
  if (!api) throw new Error('the system has no api');
  const tenant = await arrangeTenant(system.operator);
  const echo = await startEcho();
  const load = new LoadProcess();
  const secondLoad = new LoadProcess();
  const close = async () => {
    for (const one of [echo, load, secondLoad]) one.close();
    await system.stop();
  };
  return { ...tenant, system, api, echo, load, secondLoad, close };
}

/** The same stage with an organization that has no past. */
export const withNewTenant = async (stage: Stage): Promise<Stage> => ({
  ...stage,
  ...(await arrangeTenant(stage.system.operator)),
});

async function arrangeTenant(operator: Operator): Promise<Tenant> {
  const organization = await arrangeOrganization(operator, ['support']);
  const agentWith = (policy: string) => arrangeAgent(operator, organization, { team: 'support', policy });
  return {
    organization,
    budgeted: await agentWith(threeBudgets),
    single: await agentWith(oneBudget),
    plain: await agentWith(noBudget),
  };
}

const action = {
  requestId: SLOT,
  intent: 'refund.issue',
  target: 'order-1009',
  args: { amount: 120, currency: 'EUR', items: ['mug-blue', 'mug-red'], note: 'handle broken on arrival' },
  cost: { usd: '0.0001' },
  run: 'run-42',
  user: 'customer-123',
  reason: 'customer reported a broken item',
};

/** The body of one action, as the rows send it: about 330 bytes. */
export const actionBody = JSON.stringify(action);
const { cost: _cost, ...free } = action;
export const freeActionBody = JSON.stringify(free);

export const batchBody = (body: string, size: number): string =>
  `{"actions":[${Array.from({ length: size }, () => body).join()}]}`;

type Wish = Pick<Job, 'milliseconds'> & Partial<Job>;

/** One action a request on 64 connections, unless the wish says otherwise. */
export const decideJob = ({ api }: Stage, agent: ArrangedAgent, wish: Wish): Job => ({
  port: api.port,
  path: '/v1/decisions',
  token: agent.key,
  connections: 64,
  body: actionBody,
  settles: false,
  ...wish,
});

export const echoJob = (stage: Stage, wish: Wish): Job => ({
  ...decideJob(stage, stage.plain, wish),
  port: stage.echo.port,
  path: '/echo',
});
