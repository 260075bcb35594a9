import type { EventCatalog, EventOf } from '@countersign/kernel';
import { z } from 'zod';
import { fromBase64 } from './bytes.ts';

const Size = z.number().int().min(0);
const KeyId = z.string().regex(/^[0-9a-f]{8}$/, 'must be 8 hexadecimal digits');
const base64 = (bytes: number) =>
  z.string().refine((text) => fromBase64(text)?.length === bytes, `must be the base64 of ${bytes} bytes`);

/**
 * What happens to a ledger itself, recorded on its own stream (`ledgerStream`). Objects are open, because payloads
 * may gain optional fields and an older verifier has to read newer ledgers.
 */
export const ledgerEvents = {
  /** `vkey` may sign checkpoints from size `validFrom`, and not before one that covers this very event. */
  SigningKeyAdded: z.object({
    vkey: z.string(),
    keyId: KeyId,
    validFrom: Size,
    /** By a key that is then active, over `endorsementMessage`. Null for a ledger's first key, and only for it. */
    endorsement: z.object({ by: KeyId, signature: base64(64) }).nullable(),
  }),
  /** From here on the key signs nothing: checkpoints that cover this event need another. */
  SigningKeyRetired: z.object({ keyId: KeyId, reason: z.string() }),
  /** The content of these earlier positions was removed in the same transaction. Their commitments stay. */
  PayloadErased: z.object({ positions: z.array(Size).min(1), reason: z.string() }),
  /**
   * The database was restored from a backup that ends before events this ledger had already signed. Two roots for
   * one size must never carry one name, so from here on checkpoints are signed as another log, `origin`.
   */
  LedgerRestored: z.object({
    fromSize: Size,
    fromRoot: base64(32),
    origin: z.string().min(1),
    /** The last checkpoint known to have been signed before, as text; null if none was found. */
    lastCheckpoint: z.string().nullable(),
    reason: z.string(),
  }),
} as const satisfies EventCatalog;

export type LedgerEvent = EventOf<typeof ledgerEvents>;

/** The stream of an organization's `ledgerEvents`. Nothing that stands elsewhere changes keys or excuses an erasure. */
export const ledgerStream = (organizationId: string) => `ledger-${organizationId}`;

/**
 * Reads a recorded payload of the ledger's own stream; null if it is no such event.
 *
 * @throws {Error} when the payload does not have the shape of its type.
 */
export function readLedgerEvent(type: string, payload: string): LedgerEvent | null {
  if (!Object.hasOwn(ledgerEvents, type)) return null;
  const schema: z.ZodType = ledgerEvents[type as keyof typeof ledgerEvents];
  return { type, data: schema.parse(JSON.parse(payload)) } as LedgerEvent;
}
