import type { EndpointId, Instant, OrganizationId } from '@countersign/kernel';
import type { NoticeKind } from './notice-kind.ts';

/** What became of one notice for one endpoint. */
export interface Delivery {
  /** The `webhook-id` that the receiver sees, the same at each attempt. */
  readonly id: string;
  readonly kind: NoticeKind;
  readonly status: 'waiting' | 'delivered' | 'failed' | 'obsolete';
  readonly attempts: number;
  readonly createdAt: Instant;
  /** When it is tried next; null once it has ended. */
  readonly dueAt: Instant | null;
  readonly endedAt: Instant | null;
  /** The HTTP status of the last answer; null where there was none. */
  readonly answered: number | null;
  /** Why the last attempt failed, in a word. */
  readonly error: string | null;
}

/** What was sent to endpoints, and how it went. */
export abstract class DeliveryLog {
  /** The latest first; `before` is the id of the last one known. */
  abstract ofEndpoint(
    organizationId: OrganizationId,
    endpointId: EndpointId,
    page: { readonly first: number; readonly before: string | null },
  ): Promise<readonly Delivery[]>;
}
