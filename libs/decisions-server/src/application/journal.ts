import { randomBytes, uuidv7 } from '@countersign/crypto';
import { evolve, type AnyEvent, type EnforcementState } from '@countersign/decisions';
import type { Actor, EventId, Instant } from '@countersign/kernel';
import type { NewEvent } from '@countersign/ledger';

/** Where an event stands in its stream, and who caused it. */
export interface Place {
  readonly stream: string;
  readonly streamVersion: number;
  readonly actor: Actor;
}

/** The events one transaction will append, in order, each folded into the state as soon as it is recorded. */
export class Journal {
  readonly events: NewEvent[] = [];

  constructor(
    private readonly state: EnforcementState,
    private readonly now: Instant,
  ) {}

  /** Gives the event's index in the batch. */
  record(event: AnyEvent, place: Place): number {
    evolve(this.state, { event, at: this.now, streamVersion: place.streamVersion });
    return this.recordFolded(event, place);
  }

  /** For whoever has changed the state already, as folding the event would have. */
  recordFolded(event: AnyEvent, { stream, streamVersion, actor }: Place): number {
    this.events.push({
      id: uuidv7(this.now) as EventId,
      stream,
      streamVersion,
      type: event.type,
      schemaVersion: 1,
      actor,
      salt: randomBytes(32),
      payload: JSON.stringify(event.data),
    });
    return this.events.length - 1;
  }
}
