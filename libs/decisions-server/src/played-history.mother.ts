import { newId } from '@countersign/crypto';
import type { AgentId, AgentKeyId, DecisionId, Name, OrganizationId, TeamId } from '@countersign/kernel';
import type { Action } from '@countersign/decisions';
import { randomUUID } from 'node:crypto';
import { CorrectHold } from './application/correct-hold.ts';
import { ExpireHolds } from './application/expire-holds.ts';
import { KeyRefused, type Caller } from './application/pending.ts';
import { ada, openOrganization, type TestProcess } from './decisions.mother.ts';
import { policyNames, users, type RandomAction, type Step } from './random-history.mother.ts';

const teams = ['treasury', 'support'] as const;
const agents = ['buyer', 'clerk', 'scribe'] as const;
const profile = { environment: 'test', riskClass: 'low', labels: {} } as const;

/** An organization in which random things happen, at two replicas. */
export interface Stage {
  readonly organizationId: OrganizationId;
  /** @throws whatever is no refusal: a fault or a defect. */
  play(step: Step): Promise<void>;
  /** How often each kind of step, verdict and answer came. */
  readonly tally: ReadonlyMap<string, number>;
}

/** Two teams, three agents and three policies, of which the first holds for the whole organization. */
export async function openStage(replicas: readonly [TestProcess, TestProcess]): Promise<Stage> {
  const [api] = replicas;
  const plain = (name: string) => `apiVersion: countersign/v1\nname: ${name}\nallow: ["*"]\n`;
  const { organizationId, caller, tell } = await openOrganization(api, plain('first'));
  await tell({ type: 'CreateTeam', teamId: newId<TeamId>('team', Date.now()), name: 'support' as Name });
  const callers = [caller];
  for (const name of agents.slice(1)) callers.push(await registerAgent({ organizationId, tell, name }));
  for (const name of policyNames.slice(1)) await tell({ type: 'PublishPolicy', document: plain(name), note: '' });
  await tell({ type: 'AttachPolicy', name: 'first' as Name, layer: 'organization', point: organizationId });
  return new PlayedStage(replicas, organizationId, callers);
}

type Tell = Awaited<ReturnType<typeof openOrganization>>['tell'];

async function registerAgent({
  organizationId,
  tell,
  name,
}: {
  organizationId: OrganizationId;
  tell: Tell;
  name: string;
}) {
  const [agentId, keyId] = [newId<AgentId>('agt', Date.now()), newId<AgentKeyId>('key', Date.now())];
  await tell({ type: 'RegisterAgent', agentId, name: name as Name, team: 'support', profile });
  await tell({ ...newKey(keyId), agent: name });
  return { organizationId, agentId, keyId };
}

const newKey = (keyId: AgentKeyId) => ({
  type: 'IssueAgentKey' as const,
  keyId,
  hash: randomUUID().replaceAll('-', '').repeat(2),
  prefix: 'csk_test',
  scopes: ['act' as const],
  expiresAt: null,
  boundUser: null,
});

type Afterwards = Extract<Step, { kind: 'report' | 'extend' | 'cancel' | 'correct' }>;

interface Decided {
  readonly id: DecisionId;
  readonly caller: Caller;
}

/** Of so many of the latest decisions something is said. */
const LATEST = 16;

class PlayedStage implements Stage {
  readonly tally = new Map<string, number>();
  readonly #allowed: Decided[] = [];
  readonly #asked: Decided[] = [];

  constructor(
    private readonly replicas: readonly [TestProcess, TestProcess],
    readonly organizationId: OrganizationId,
    private readonly callers: Caller[],
  ) {}

  async play(step: Step): Promise<void> {
    this.#count(step.kind, await this.#play(step));
  }

  async #play(step: Step): Promise<string> {
    switch (step.kind) {
      case 'actions':
        await Promise.all(step.actions.map((action) => this.#ask(action)));
        return 'done';
      case 'report':
      case 'extend':
      case 'cancel':
      case 'correct':
        return this.#afterwards(step);
      case 'expire':
        return (await new ExpireHolds(this.#api.pools.commands, this.#api.transactions).sweep()) > 0 ? 'some' : 'none';
      case 'publish':
        return this.#tell({ type: 'PublishPolicy', document: step.document, note: '' });
      case 'attach':
      case 'detach':
        return this.#tell({
          type: step.kind === 'attach' ? 'AttachPolicy' : 'DetachPolicy',
          name: policyNames[step.policy % policyNames.length] as Name,
          ...this.#pointOf(step),
        });
      case 'move':
        return this.#tell({
          type: 'ChangeAgent',
          agent: pick(agents, step.agent),
          team: pick(teams, step.team),
          profile,
        });
      case 'revoke':
        return this.#rotateKey(step.agent % agents.length);
      case 'zone':
        return this.#tell({ type: 'ChangeTimeZone', timeZone: step.timeZone });
    }
  }

  get #api(): TestProcess {
    return this.replicas[0];
  }

  /** Sent together with others, so that batches are of several. A key that was revoked meanwhile is an answer, too. */
  async #ask(random: RandomAction): Promise<void> {
    const caller = pick(this.callers, random.agent);
    const { decisions } = pick(this.replicas, random.replica);
    try {
      const { id, verdict } = await decisions.decide(caller, actionOf(random));
      if (verdict !== 'block') (verdict === 'ask' ? this.#asked : this.#allowed).push({ id: id as DecisionId, caller });
      this.#count('verdict', verdict);
    } catch (error) {
      if (!(error instanceof KeyRefused)) throw error;
      this.#count('verdict', 'key refused');
    }
  }

  /** Of one of the latest decisions that it can be said of, for those still run. */
  async #afterwards(step: Afterwards): Promise<string> {
    const known = (step.kind === 'cancel' ? this.#asked : this.#allowed).slice(-LATEST);
    const decided = known[step.of % Math.max(known.length, 1)];
    if (!decided) return 'nothing to tell of';
    try {
      return await this.#tellOf(decided, step);
    } catch (error) {
      if (!(error instanceof KeyRefused)) throw error;
      return 'key refused';
    }
  }

  async #tellOf({ id, caller }: Decided, step: Afterwards): Promise<string> {
    const { reports, pools, transactions } = this.#api;
    switch (step.kind) {
      case 'report':
        return (await reports.report(caller, id, reportOf(step))).kind;
      case 'extend': {
        const answer = await reports.extend(caller, id, extensionOf(step));
        return answer.kind === 'extended' ? answer.verdict : answer.kind;
      }
      case 'cancel':
        return (await reports.cancel(caller, id)).kind;
      case 'correct': {
        const correction = { decisionId: id, cost: { usd: step.usd }, reason: 'the invoice says so' };
        return (await new CorrectHold(pools.commands, transactions).correct(this.organizationId, ada, correction))
          .outcome;
      }
    }
  }

  async #tell(command: Parameters<Tell>[0]): Promise<string> {
    return (await this.#api.commands.execute(this.organizationId, { actor: ada, tokenRights: null }, command)).outcome;
  }

  #pointOf({ layer, point }: Extract<Step, { kind: 'attach' | 'detach' }>) {
    const points = { organization: [this.organizationId], team: teams, agent: agents, user: users };
    return { layer, point: pick<string>(points[layer], point) };
  }

  async #rotateKey(index: number): Promise<string> {
    const caller = this.callers[index] as Caller;
    const keyId = newId<AgentKeyId>('key', Date.now());
    await this.#tell({ ...newKey(keyId), agent: agents[index] as string });
    this.callers[index] = { ...caller, keyId };
    return this.#tell({ type: 'RevokeAgentKey', keyId: caller.keyId, reason: 'rotated' });
  }

  #count(kind: string, answer: string): void {
    const key = `${kind}: ${answer}`;
    this.tally.set(key, (this.tally.get(key) ?? 0) + 1);
  }
}

function reportOf({ status, usd }: Extract<Step, { kind: 'report' }>) {
  return usd === null || status === 'cancelled' ? { status } : { status, cost: { usd } };
}

/** Money, time or both; for neither it asks for time. */
function extensionOf({ usd, holdFor }: Extract<Step, { kind: 'extend' }>) {
  const time = holdFor ?? (usd === null ? 30 : null);
  return { extensionId: randomUUID(), ...(usd !== null && { cost: { usd } }), ...(time !== null && { holdFor: time }) };
}

const pick = <Value>(values: readonly Value[], reference: number) => values[reference % values.length] as Value;

function actionOf({ intent, usd, tokens, user, run }: RandomAction): Action {
  const cost = { ...(usd !== null && { usd }), ...(usd !== null && tokens !== null && { tokens }) };
  return {
    requestId: randomUUID(),
    intent,
    target: 'books',
    ...(usd !== null && { cost: cost as { usd: string } }),
    ...(user !== null && { user }),
    ...(run !== null && { run }),
  };
}
