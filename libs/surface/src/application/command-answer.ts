import type { CommandedEvent } from '@countersign/decisions';
import type { RecordedEvent } from '@countersign/ledger';

/** Something to look at, which did not stop the command. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly path: string | null;
}

/** What waits for a second person: nothing of it is in force yet. */
export interface Waiting {
  readonly publicationId: string;
  /** The members who may confirm it, by name. Empty when nobody else may publish it. */
  readonly confirmers: readonly string[];
}

/** What a command came to. No events: it had taken effect before. */
export interface CommandAnswer {
  /** Of the last event; null without any. */
  readonly position: number | null;
  readonly events: readonly CommandedEvent[];
  readonly warnings: readonly Warning[];
  /** The new key, shown this once. */
  readonly key?: string;
  /** Of a change of policies, where it waits. */
  readonly waiting?: Waiting;
  /** A new secret of a webhook endpoint, shown this once. */
  readonly secret?: string;
  /** An invitation's, where it is not mailed. Shown this once. */
  readonly link?: string;
}

export const answerOf = (events: readonly CommandedEvent[], warnings: readonly Warning[] = []): CommandAnswer => ({
  position: events.at(-1)?.position ?? null,
  events,
  warnings,
});

export const commandedEvent = ({ type, position, content }: RecordedEvent): CommandedEvent => ({
  type,
  position,
  data: content && (JSON.parse(content.payload) as unknown),
});
