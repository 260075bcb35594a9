import type { Actor, OrganizationId } from '@countersign/kernel';
import type { RecordedEvent } from './envelope.ts';

/** Replaces the key that signs an organization's checkpoints. */
export abstract class SigningKeyRotation {
  /**
   * Makes a new key, has the present one vouch for it, and retires that one. The events are `SigningKeyAdded` and
   * `SigningKeyRetired`, in this order; the next checkpoint is signed by the new key.
   */
  abstract rotate(organizationId: OrganizationId, actor: Actor): Promise<readonly RecordedEvent[]>;
}
