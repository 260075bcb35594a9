import type { OrganizationId } from '@countersign/kernel';
import type { ClaimedDelivery } from '../adapters/delivery-rows.ts';

/** How one attempt by one way came out. */
export type Sent =
  | { readonly outcome: 'delivered'; readonly answered: number | null }
  /** Worth another attempt. */
  | { readonly outcome: 'failed'; readonly answered: number | null; readonly error: string }
  /** Nobody to tell it to any more: an endpoint that was removed or disabled, a member who left. */
  | { readonly outcome: 'obsolete' };

/** Mail, or webhooks. */
export interface WayOut {
  /** Never throws: whatever went wrong is an outcome, in a word that holds no secret. */
  send(organizationId: OrganizationId, delivery: ClaimedDelivery): Promise<Sent>;
}
