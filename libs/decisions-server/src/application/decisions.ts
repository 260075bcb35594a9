import {
  detailOf,
  isRepeatable,
  judge,
  newStanding,
  standingOf,
  viewOf,
  type Action,
  type ActionDecided,
  type DecisionDetail,
  type DecisionHistory,
  type DecisionView,
  type Standing,
} from '@countersign/decisions';
import type { DecisionId, Instant } from '@countersign/kernel';
import type { RecordedEvent } from '@countersign/ledger';
import { toRecorded, type EventRow } from '@countersign/ledger-server';
import { inTenant, type Sql } from '@countersign/postgres';
import { factOf, historiesOf, selectStreams, streamOf, unknownDecision } from '../adapters/histories.ts';
import type { Decider } from './decider.ts';
import { digestOf } from './new-decision.ts';
import type { ActionAnswer, Caller } from './pending.ts';
import { ReadApproval } from './read-approval.ts';
import { requestKeyOf } from './request-key.ts';

/** Why a request id gets no decision again. */
export class RequestClosed extends Error {
  override readonly name = 'RequestClosed';

  constructor(
    readonly code: 'request.closed' | 'request.reused',
    /** The decision this request id already has; null when it is of another action. */
    readonly decision: DecisionView | null,
  ) {
    super(code);
  }
}

/** A decision, and what became of it. */
export interface StoodDecision {
  readonly decided: ActionDecided;
  readonly standing: Standing;
}

/** Asks the decider for decisions, and reads them again. */
export class Decisions {
  readonly #approvals;

  constructor(
    private readonly decider: Decider,
    private readonly reads: Sql,
    private readonly processNow: () => Instant,
  ) {
    this.#approvals = new ReadApproval(reads);
  }

  /**
   * Decides an action, once for ever per request id.
   *
   * @throws {RequestClosed} when the request id was used before and a repeat is not the same as asking once.
   */
  async decide(caller: Caller, action: Action): Promise<DecisionView> {
    const requestKey = requestKeyOf(caller.agentId, action.requestId);
    const request = { kind: 'action', action, requestKey, early: this.#judgeEarly(caller, action) } as const;
    const answer = await this.decider.submit<ActionAnswer>(caller, request);
    if (answer.kind === 'repeat') return this.#repeat(caller, action, answer.position);

    const { decided, figures, position, at } = answer;
    const heldUntil = decided.hold?.expiresAt ?? null;
    const standing = newStanding({ position, decidedAt: at, heldUntil, now: at });
    return viewOf(decided, standing, false, figures);
  }

  /** Everything recorded of one of the caller's own decisions; unknown for anybody else's. */
  async history({ organizationId, agentId }: Caller, decisionId: DecisionId): Promise<DecisionHistory> {
    const rows = await inTenant(this.reads, organizationId, (sql) =>
      selectStreams(sql, organizationId, [streamOf(decisionId)]),
    );
    const history = historiesOf(rows).get(streamOf(decisionId)) ?? unknownDecision;
    return history.decided?.agent.id === agentId ? history : unknownDecision;
  }

  /** One of the caller's own decisions as it stands now; null when there is none. */
  async view(caller: Caller, decisionId: DecisionId): Promise<DecisionDetail | null> {
    const found = await this.standing(caller, decisionId);
    return found && detailOf(found.decided, found.standing);
  }

  /** The same, before it is put into words. */
  async standing(caller: Caller, decisionId: DecisionId): Promise<StoodDecision | null> {
    const history = await this.history(caller, decisionId);
    return history.decided && this.#stand(caller, history, history.decided);
  }

  async #stand({ organizationId }: Caller, history: DecisionHistory, decided: ActionDecided): Promise<StoodDecision> {
    const now = this.processNow();
    const { approval: ask } = decided;
    const approval = ask && (await this.#approvals.standing(organizationId, ask.id, now));
    return { decided, standing: standingOf(history, now, approval) };
  }

  /** Under the configuration last seen; the batch judges again if that is no longer the one in force. */
  #judgeEarly({ organizationId, agentId, keyId }: Caller, action: Action) {
    const latest = this.decider.latest(organizationId);
    const asker = latest.asker(agentId);
    const key = latest.key(keyId);
    if (!asker || !key || key.boundUser !== null) return null;
    return {
      epoch: latest.epoch,
      judged: judge(latest.stack(asker.agent, action.user), asker, action, this.processNow()),
    };
  }

  async #repeat(caller: Caller, action: Action, position: number): Promise<DecisionView> {
    const event = await this.#eventAt(caller, position);
    const [fact] = event ? factOf(event) : [];
    // Erased: what it was is no longer known, so it cannot be answered again.
    if (fact?.event.type !== 'ActionDecided') throw new RequestClosed('request.closed', null);

    const decided = fact.event.data;
    if (!isSameAction(decided, caller, action)) throw new RequestClosed('request.reused', null);
    const history = await this.history(caller, decided.decisionId);
    const { standing } = await this.#stand(caller, history, decided);
    const view = viewOf(decided, standing, true);
    if (!isRepeatable(decided, standing)) throw new RequestClosed('request.closed', view);
    return view;
  }

  async #eventAt({ organizationId }: Caller, position: number): Promise<RecordedEvent | null> {
    const [row] = await inTenant(
      this.reads,
      organizationId,
      (sql) => sql<EventRow[]>`
        select e.*, p.salt, p.payload
          from ledger.events e
          left join ledger.payloads p using (organization_id, position, recorded_at)
         where e.organization_id = ${organizationId}::text::uuid and e.position = ${String(position)}::text::bigint`,
    );
    return row ? toRecorded(row) : null;
  }
}

/** By the recorded salt: the digest covers everything that makes an action what it is. */
function isSameAction({ digest, action: { user } }: ActionDecided, { agentId }: Caller, action: Action): boolean {
  const salt = Buffer.from(digest.salt, 'base64');
  const isSame = digestOf(salt, agentId, action) === digest.value;
  // A key bound to a user fills it in; leaving it out again is the same action.
  return (
    isSame ||
    (action.user === undefined && user !== undefined && digestOf(salt, agentId, { ...action, user }) === digest.value)
  );
}
