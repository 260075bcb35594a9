import { approvalStream, type Approval, type ApprovalFacts, type Redecision } from '@countersign/approvals';
import { randomBytes } from '@countersign/crypto';
import {
  approvalWordsOf,
  askedOf,
  decide,
  inputOf,
  judgeAgain,
  keysOf,
  standInRules,
  type Action,
  type ActionDecided,
  type Asked,
  type Asker,
  type Facts,
  type Judged,
  type PartialEnforcement,
} from '@countersign/decisions';
import type { Instant } from '@countersign/kernel';
import { toRecorded, type LockedHead } from '@countersign/ledger-server';
import type { PipelinedTransaction } from '@countersign/postgres';
import type { ConditionOutcome, Stack } from '@countersign/policy';
import { decisionStream } from '@countersign/decisions';
import { factOf, selectStreams } from '../adapters/histories.ts';
import { loadMoney } from '../adapters/money-rows.ts';
import type { Configuration } from './configuration.ts';
import { digestOf, recordedParts, requirementsFrom } from './new-decision.ts';

/** The action that an approval is about, as policies and budgets judge it now. */
export interface AskedAgain {
  readonly excessOf: ApprovalFacts['excessOf'];
  readonly grantable: ApprovalFacts['grantable'];
  /** The same with other arguments. `expiresAt` is until when people may decide where policies alone would allow it. */
  redecide(args: Record<string, unknown>, expiresAt: Instant): Redecision;
}

interface Under {
  readonly head: LockedHead;
  readonly configuration: Configuration;
  readonly state: PartialEnforcement;
  readonly transaction: PipelinedTransaction;
}

/** Reads what was asked from the ledger and judges it again. Null where that was erased, or the agent is no more. */
export async function askedAction(approval: Approval, under: Under): Promise<AskedAgain | null> {
  const { head, configuration, state, transaction } = under;
  const recorded = await readAsked(approval, head, transaction);
  const asker = configuration.asker(approval.agentId);
  if (!recorded || !asker) return null;

  const again = new JudgedAgain(recorded, asker, configuration, head);
  const { counters, rates } = keysOf(again.asked);
  await loadMoney(transaction, head.organizationId, state, { counters, rates, holds: [] });
  return again.with(state);
}

/** An ask as it was recorded, and the arguments as people last changed them. */
interface RecordedAsk {
  readonly decided: ActionDecided;
  readonly editedArgs: Readonly<Record<string, unknown>> | null;
}

async function readAsked(
  { approvalId, decisions: [first] }: Approval,
  { organizationId }: LockedHead,
  { sql, send }: PipelinedTransaction,
): Promise<RecordedAsk | null> {
  if (first === undefined) return null;
  const streams = [decisionStream(first), approvalStream(approvalId)];
  const events = (await send(selectStreams(sql, organizationId, streams))).map(toRecorded).flatMap(factOf);
  const opening = events.map(({ event }) => event).find((event) => event.type === 'ActionDecided');
  if (!opening) return null;
  const words = approvalWordsOf(events.map(({ event }) => event) as never);
  return { decided: opening.data, editedArgs: words.editedArgs };
}

class JudgedAgain {
  readonly asked: Asked;
  readonly #action: Action;
  readonly #judged: Judged;
  readonly #stack: Stack;

  constructor(
    private readonly recorded: RecordedAsk,
    private readonly asker: Asker,
    private readonly configuration: Configuration,
    private readonly head: LockedHead,
  ) {
    const { decided, editedArgs } = recorded;
    const { args, ...action } = decided.action;
    const shown = editedArgs ?? args;
    this.#action = { ...action, requestId: decided.requestId, ...(shown && { args: { ...shown } }) };
    this.#stack = configuration.stack(asker.agent, action.user);
    this.#judged = this.#judge(this.#action, editedArgs === null ? outcomesOf(decided) : undefined);
    this.asked = this.#askedOf(this.#action, this.#judged);
  }

  with(money: PartialEnforcement): AskedAgain {
    const { configuration, head, asker } = this;
    const { calendar, stops } = configuration;
    const { counters, rates } = money;
    const facts: Facts = { now: head.now, asker, calendar, stops, counters, rates };
    return {
      excessOf: (ask) => this.#excessOf(ask, facts),
      grantable: this.#grantable(),
      redecide: (args, expiresAt) => this.#redecide(args, expiresAt, facts),
    };
  }

  /** As far as it would go over the cap now, in the window of now; nothing where no such budget counts it any more. */
  #excessOf(
    ask: Parameters<ApprovalFacts['excessOf']>[0],
    { counters, now }: Facts,
  ): ReturnType<ApprovalFacts['excessOf']> {
    const demand = this.asked.demands.demands.find(
      ({ entry }) =>
        entry.policy === ask.policy &&
        entry.budget === ask.budget &&
        entry.scope === ask.scope &&
        entry.instance === ask.instance &&
        entry.unit === ask.unit &&
        entry.window === ask.window,
    );
    if (!demand) return { amount: 0n, windowStart: now, windowEnd: null };
    const { spent, held } = counters.get(demand.key) ?? { spent: 0n, held: 0n };
    const over = spent + held + demand.entry.amount - demand.budget.cap;
    const { windowStart, windowEnd } = demand.entry;
    return { amount: over > 0n ? over : 0n, windowStart, windowEnd };
  }

  /** What was hidden before recording cannot be held against the condition of a grant. */
  #grantable(): ApprovalFacts['grantable'] {
    const hidden = this.recorded.decided.redacted ?? [];
    if (hidden.some((path) => path !== 'reason')) return null;
    const input = inputOf(this.asker, this.#action, this.#judged.metered, this.head.now);
    return { input, rules: standInRules(this.#judged, this.#stack) };
  }

  #redecide(args: Record<string, unknown>, expiresAt: Instant, facts: Facts): Redecision {
    const action: Action = { ...this.#action, args };
    const judged = this.#judge(action);
    const judgement = decide(judged, action, facts, this.#askedOf(action, judged));
    if (judgement.verdict === 'block') return { verdict: 'block', reasons: judgement.reasons };

    const { asker, head, configuration } = this;
    const { agent, team } = asker;
    const keyId = this.recorded.decided.agent.key;
    const { epoch } = configuration;
    const parts = recordedParts(action, judged, judgement, { asker, keyId, epoch, now: head.now });
    const hidden = [...(this.recorded.decided.redacted ?? []), ...(parts.redacted ?? [])].filter(isOfDigest);
    if (hidden.length > 0 && isUntold(hidden, parts.redacted)) return { verdict: 'block', reasons: [untold] };

    const salt = randomBytes(32);
    const value = digestOf(salt, agent.agentId, action);
    return {
      verdict: judgement.verdict,
      args,
      digest: { salt: Buffer.from(salt).toString('base64'), value },
      epoch,
      reasons: judgement.reasons.map((reason) => ({ ...reason })),
      budgets: [...judgement.budgetAsks],
      ...(judgement.verdict === 'ask'
        ? requirementsFrom(judgement, team.name, head.now)
        : { requirements: [], expiresAt }),
    };
  }

  #judge(action: Action, recorded?: ReadonlyMap<string, ConditionOutcome['outcome']>): Judged {
    return judgeAgain(this.#stack, this.asker, action, { now: this.head.now, ...(recorded && { recorded }) });
  }

  #askedOf(action: Action, judged: Judged): Asked {
    const { calendar } = this.configuration;
    return askedOf(judged, this.asker, action, { calendar, now: this.head.now });
  }
}

const outcomesOf = ({ outcomes = [] }: ActionDecided) =>
  new Map(outcomes.map(({ key, outcome }) => [key, outcome as ConditionOutcome['outcome']]));

/** The reason is no part of what makes an action what it is. */
const isOfDigest = (path: string) => path !== 'reason';

/** A hidden target cannot be sent again; hidden arguments matter only where the new ones would be hidden too. */
const isUntold = (hidden: readonly string[], now: readonly string[] | undefined) =>
  hidden.includes('target') || (now ?? []).some(isOfDigest);

const untold = {
  code: 'approvals.untold',
  message: 'The agent could not be told the action as it was changed, because a policy or a secret hides a part of it.',
};
