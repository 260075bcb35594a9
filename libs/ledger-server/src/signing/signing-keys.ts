import type { OrganizationId } from '@countersign/kernel';

/** A key that signs. Asynchronous, because it may live in a key service; the private half cannot be read from it. */
export interface HeldKey {
  /** Ed25519, raw, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** RFC 8032: 64 bytes. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** No key can be had where one is needed; the message says what to do. */
export class SigningKeyUnavailable extends Error {
  override readonly name = 'SigningKeyUnavailable';
  readonly code = 'signing_key.unavailable';
}

/** Where private signing keys live: never in the database, never in a log. */
export abstract class SigningKeys {
  /**
   * A key for this organization's log that is none of `known`. It is kept durably before this resolves, so that no
   * log can name a key that is lost.
   *
   * @throws {SigningKeyUnavailable} when there is none and none can be made.
   */
  abstract provide(organizationId: OrganizationId, known: readonly Uint8Array[]): Promise<HeldKey>;

  /** Null when this process does not hold that key: another may. */
  abstract find(organizationId: OrganizationId, publicKey: Uint8Array): Promise<HeldKey | null>;
}
