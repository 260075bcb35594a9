import type { OrganizationId } from '@countersign/kernel';
import type { Attempt, ClaimedDelivery, DeliveryRows } from '../adapters/delivery-rows.ts';
import { waitAfter } from './retry-schedule.ts';
import type { Sent, WayOut } from './way-out.ts';

/** When to nudge again; null when there is nothing left to do. */
export interface NextAttempt {
  readonly waitMs: number;
  readonly attempt: number;
}

export interface DeliveryParts {
  readonly rows: DeliveryRows;
  readonly ways: Readonly<Record<ClaimedDelivery['channel'], WayOut>>;
  /** In [0, 1). */
  readonly chance: () => number;
}

/**
 * Tries one delivery. At least once: whoever is killed between sending and writing that down is followed, after the
 * lease, by somebody who sends the same again under the same id.
 */
export class DeliverNotices {
  constructor(private readonly parts: DeliveryParts) {}

  async deliver(organizationId: OrganizationId, deliveryId: string): Promise<NextAttempt | null> {
    const claimed = await this.parts.rows.claim(organizationId, deliveryId);
    if (!claimed) return null;
    const sent = await this.#send(organizationId, claimed);
    const attempt = this.#attemptOf(sent, claimed.attempts);
    await this.parts.rows.record(organizationId, deliveryId, attempt);
    const waitMs = attempt.status === 'failed' ? attempt.waitMs : null;
    return waitMs === null ? null : { waitMs, attempt: claimed.attempts };
  }

  #send(organizationId: OrganizationId, claimed: ClaimedDelivery): Promise<Sent> {
    if (claimed.isObsolete) return Promise.resolve({ outcome: 'obsolete' });
    return this.parts.ways[claimed.channel].send(organizationId, claimed);
  }

  #attemptOf(sent: Sent, attempts: number): Attempt {
    switch (sent.outcome) {
      case 'delivered':
        return { status: 'delivered', answered: sent.answered };
      case 'obsolete':
        return { status: 'obsolete', answered: null };
      case 'failed': {
        const { answered, error } = sent;
        return { status: 'failed', answered, error, waitMs: waitAfter(attempts, this.parts.chance()) };
      }
    }
  }
}
