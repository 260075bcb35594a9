import type { NoticeKind } from '@countersign/channels';
import type { AnyEvent } from '@countersign/decisions';
import type { Actor, ApprovalId, Instant, MemberId } from '@countersign/kernel';

/** One event as the ledger keeps it, with what is left of its payload. */
export interface ToldEvent {
  readonly event: AnyEvent;
  readonly position: number;
  readonly at: Instant;
  readonly actor: Pick<Actor, 'kind' | 'id'>;
}

/** About one approval. Names as they are when the notice is made; no words of people or agents, which can be erased. */
export interface ApprovalNews {
  readonly approvalId: ApprovalId;
  readonly decisionId: string;
  readonly agentId: string;
  readonly agent: string;
  readonly teams: readonly string[];
  readonly intent: string;
  readonly target: string;
  /** As if nothing were stopped; time under stops comes on top. */
  readonly expiresAt: string;
  readonly outcome?: 'approved' | 'denied' | 'expired' | 'cancelled' | 'withdrawn';
  /** Of the time to decide, in percent. */
  readonly over?: 50 | 90;
  readonly permitExpiresAt?: string;
}

/** About a change of policies that waits for a second person. Its note is theirs, and can be erased. */
export interface PublicationNews {
  readonly publicationId: string;
  readonly policy: string;
  /** In words: `attach to one team`. */
  readonly change: string;
}

export interface StopNews {
  readonly stopId: string;
  /** In words: `team support`. */
  readonly scope: string;
  readonly reason: string;
}

/** About one window of one budget. Amounts are decimals in the unit. */
export interface BudgetNews {
  readonly policy: string;
  readonly budget: string;
  readonly scope: string;
  readonly instance: string;
  readonly unit: string;
  readonly window: string;
  readonly windowStart: string;
  readonly windowEnd: string | null;
  readonly cap: string;
  /** Spent and held; in a notice of what was not reported, as much as that is. */
  readonly used: string;
  /** The share of the cap that was reached, as 0.8. */
  readonly share?: number;
}

export interface CheckpointNews {
  readonly day: string;
  readonly size: number;
  /** The whole signed note, as `countersign verify --since` reads it. */
  readonly checkpoint: string;
}

export interface EndpointNews {
  readonly endpointId: string;
  readonly url: string;
  readonly why: string;
}

type About =
  | { readonly kind: Extract<NoticeKind, `approval.${string}` | `permit.${string}`>; readonly news: ApprovalNews }
  | { readonly kind: 'publication.proposed'; readonly news: PublicationNews }
  | { readonly kind: 'stop.placed'; readonly news: StopNews }
  | { readonly kind: Extract<NoticeKind, `budget.${string}`>; readonly news: BudgetNews }
  | { readonly kind: 'checkpoint.daily'; readonly news: CheckpointNews }
  | { readonly kind: 'endpoint.disabled'; readonly news: EndpointNews };

/** What is kept of a notice, and all that its words are made of. */
export type NoticeContent = About & {
  readonly at: Instant;
  /** The event it tells of; null for what no single event says. */
  readonly position: number | null;
};

/** Something to tell, and whom. */
export type Notice = NoticeContent & {
  /** Equal for equal news, so that what is found out twice is told once. */
  readonly key: string;
  readonly members: readonly MemberId[];
  /** Not before; null for at once. */
  readonly sendAt: Instant | null;
  /** Told only while its approval is so: nobody is reminded of what is decided. */
  readonly onlyWhile: 'pending' | 'approved' | null;
};
