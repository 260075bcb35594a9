import { PENDING_MAX } from '@countersign/approvals';
import { DecisionUnavailable, type Decision, type DecisionDetail, type OutcomeAnswer } from '@countersign/sdk';
import { describe, expect, it } from 'vitest';
import { PersonRefused } from '../people/graph.ts';
import { AskTally } from './ask-tally.ts';
import { answerAsks, leaveAsks, type AskingAgent, type Asks, type OpenAsk } from './asks.ts';

const RUNS_AT_ONCE = 16;

const base: Decision = {
  id: `dec_${'0'.repeat(32)}`,
  requestId: 'req-1',
  verdict: 'ask',
  state: 'pending',
  next: 'wait',
  repeat: false,
  reasons: [{ code: 'policy.rule', rule: 'refund.issue:*', message: 'a person decides' }],
  approval: {
    id: 'apr_1',
    team: 'treasury',
    quorum: 1,
    state: 'pending',
    expiresAt: null,
    questions: [],
    feedback: null,
    permitExpiresAt: null,
    edited: false,
  },
  hold: null,
  validUntil: null,
  retryAt: null,
  shadow: [],
  budgets: [],
  actionDigest: null,
  position: 1,
  decidedAt: '2026-11-20T09:00:00.000Z',
  takenAt: null,
};
const detail = (changes: Partial<Decision>): DecisionDetail => ({
  ...base,
  ...changes,
  action: { intent: 'refund.issue' },
});

const askOf = (id: string): OpenAsk => ({
  decision: { ...base, id },
  action: { requestId: 'req-1', intent: 'refund.issue', args: { amount: 120 } },
  step: { kind: 'tool', run: 'ada-1', intent: 'refund.issue', args: { amount: 120 }, outcome: 'error' },
});
const ask = askOf(base.id);

const receipt: OutcomeAnswer = {
  decisionId: base.id,
  status: 'error',
  settled: {},
  unreported: false,
  position: 9,
  repeat: false,
};

describe('asks that nobody answers', () => {
  it('never come to more than an agent may have waiting, with every run asking once more', async () => {
    const waiting = new Set<string>();
    let most = 0;
    const cancel = async (id: string) => {
      await Promise.resolve();
      waiting.delete(id);
    };
    const tally = new AskTally();
    const asks = leaveAsks({ cancel }, tally, RUNS_AT_ONCE);
    const run = async (name: number) => {
      for (let step = 0; step < 10; step += 1) {
        waiting.add(`${name}-${step}`);
        most = Math.max(most, waiting.size);
        await Promise.resolve();
        await asks.asked(askOf(`${name}-${step}`));
      }
    };
    await Promise.all(Array.from({ length: RUNS_AT_ONCE }, (_, name) => run(name)));
    expect(most).toBeLessThanOrEqual(PENDING_MAX);
    expect(waiting.size).toBe(PENDING_MAX - RUNS_AT_ONCE);
    expect(tally.counts()).toMatchObject({ waiting: waiting.size, takenBack: 160 - waiting.size, answeredByOthers: 0 });
  });

  it('may be answered by others before the agent takes them back, which is no failure', async () => {
    const tally = new AskTally();
    const cancel = () => Promise.reject(new DecisionUnavailable('too late', { code: 'ask.not_pending' }));
    const asks = leaveAsks({ cancel }, tally, PENDING_MAX - 1);
    await asks.asked(askOf('first'));
    await asks.asked(askOf('second'));
    expect(tally.counts()).toMatchObject({ waiting: 1, takenBack: 0, answeredByOthers: 1 });
  });
});

/** A server in which so many people must agree, and the agent of the replay at it. */
class Scene {
  readonly tally = new AskTally();
  readonly said: string[] = [];
  readonly seen: string[] = [];
  readonly #left: Asks = { asked: () => Promise.resolve(void this.tally.left()).then(() => null) };

  constructor(
    private readonly quorum: number,
    private readonly take: () => Promise<DecisionDetail> = () =>
      Promise.resolve(detail({ state: 'taken', next: 'act', takenAt: base.decidedAt })),
  ) {}

  person = (name: string, refusal?: PersonRefused) => ({
    answer: async (_: string, { verdict, reason }: { verdict: 'approve' | 'deny'; reason?: string }) => {
      if (refusal) throw refusal;
      expect(reason).not.toBe('');
      this.said.push(`${name} ${verdict}`);
      return Promise.resolve(this.state());
    },
  });

  play(verdict: 'approve' | 'deny', people: readonly ReturnType<Scene['person']>[]) {
    const { tally } = this;
    return answerAsks({ agent: this.agent, people, verdict, tally, unsettled: this.#left }).asked(ask);
  }

  private state(): 'pending' | 'approved' | 'denied' {
    if (this.said.some((each) => each.endsWith('deny'))) return 'denied';
    return this.said.length >= this.quorum ? 'approved' : 'pending';
  }

  private readonly agent: AskingAgent = {
    wait: (_, { forSeconds = Infinity } = {}) => {
      const state = this.state();
      const next = ({ pending: 'wait', approved: 'take', denied: 'stop' } as const)[state];
      this.seen.push(next === 'wait' ? `waited ${forSeconds} s` : next);
      return Promise.resolve(detail({ state, next }));
    },
    take: (_, { action }) => {
      this.seen.push(`took ${JSON.stringify(action)}`);
      return this.take();
    },
    outcome: (_, { status }) => {
      this.seen.push(`reported ${status}`);
      return Promise.resolve(receipt);
    },
    cancel: () => Promise.reject(new Error('nothing is taken back here')),
  };
}

describe('asks that people approve', () => {
  it('are taken as they were asked, and reported as they were recorded', async () => {
    const scene = new Scene(1);
    expect(await scene.play('approve', [scene.person('ada')])).toBe(receipt);
    expect(scene.seen).toEqual(['take', `took ${JSON.stringify(ask.action)}`, 'reported error']);
    expect(scene.tally.counts()).toMatchObject({ approved: 1, taken: 1, denied: 0, waiting: 0, refusedTakes: [] });
  });

  it('need no more people than the quorum', async () => {
    const scene = new Scene(2);
    await scene.play('approve', [scene.person('ada'), scene.person('grace'), scene.person('edsger')]);
    expect(scene.said).toEqual(['ada approve', 'grace approve']);
    expect(scene.tally.counts()).toMatchObject({ approved: 1, taken: 1 });
  });

  it('are not taken when something else refuses the take, and its code is told', async () => {
    const blocked = detail({
      verdict: 'block',
      state: 'approved',
      next: 'stop',
      reasons: [{ code: 'budget.exceeded', message: 'used up' }],
    });
    const scene = new Scene(1, () => Promise.resolve(blocked));
    expect(await scene.play('approve', [scene.person('ada')])).toBeNull();
    expect(scene.seen).not.toContain('reported error');
    expect(scene.tally.counts()).toMatchObject({
      ...{ approved: 1, taken: 0 },
      refusedTakes: [{ code: 'budget.exceeded', message: 'used up', count: 1 }],
    });
  });

  it('may lose their permit before it is taken', async () => {
    const lapsed = new DecisionUnavailable('it lapsed', { code: 'permit.lapsed' });
    const scene = new Scene(1, () => Promise.reject(lapsed));
    expect(await scene.play('approve', [scene.person('ada')])).toBeNull();
    expect(scene.tally.counts().refusedTakes).toEqual([{ code: 'permit.lapsed', message: 'it lapsed', count: 1 }]);
  });

  it('end the replay when nobody says whether they were taken', async () => {
    const scene = new Scene(1, () =>
      Promise.reject(new DecisionUnavailable('nobody there', { code: 'client.timeout' })),
    );
    await expect(scene.play('approve', [scene.person('ada')])).rejects.toThrow('nobody there');
  });
});

describe('asks that people deny', () => {
  it('are denied by the first, and the agent hears of it', async () => {
    const scene = new Scene(2);
    expect(await scene.play('deny', [scene.person('ada'), scene.person('grace')])).toBeNull();
    expect(scene.said).toEqual(['ada deny']);
    expect(scene.seen).toEqual(['stop']);
    expect(scene.tally.counts()).toMatchObject({ approved: 0, taken: 0, denied: 1, waiting: 0 });
  });
});

describe('asks that the people of the replay cannot settle', () => {
  it('stay in the queue at once where more are asked than they are', async () => {
    const scene = new Scene(2);
    await scene.play('approve', [scene.person('ada')]);
    expect(scene.seen).toEqual(['waited 0 s']);
    expect(scene.tally.counts()).toMatchObject({ approved: 0, waiting: 1, refusedAnswers: [] });
  });

  it('stay in the queue where others are asked, with the code of the refusal', async () => {
    const scene = new Scene(1);
    const refusal = new PersonRefused('approvals.not_a_decider', 'not yours');
    await scene.play('approve', [scene.person('ada', refusal), scene.person('grace', refusal)]);
    expect(scene.tally.counts()).toMatchObject({
      waiting: 1,
      refusedAnswers: [{ code: 'approvals.not_a_decider', message: 'not yours', count: 2 }],
    });
  });

  it('are as others answered them, who were faster', async () => {
    const scene = new Scene(1);
    scene.said.push('barbara deny');
    const refusal = new PersonRefused('approvals.already_settled', 'barbara denied it');
    await scene.play('approve', [scene.person('ada', refusal)]);
    expect(scene.tally.counts()).toMatchObject({ approved: 0, denied: 1, waiting: 0, refusedAnswers: [] });
  });
});
