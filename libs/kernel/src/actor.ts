import { z } from 'zod';

/**
 * Who caused an event, as the edge established it: never taken from a request body.
 * `credential` names the key, token or session that proved it, by its id, never by its secret.
 */
export const Actor = z.strictObject({
  kind: z.enum(['agent', 'member', 'operator', 'system']),
  id: z.string(),
  method: z.enum(['agent-key', 'operator-token', 'session', 'personal-token', 'invitation', 'internal']),
  credential: z.string(),
});
export type Actor = z.infer<typeof Actor>;

/** Countersign itself: expiries, sweeps and keys. */
export const system: Actor = { kind: 'system', id: 'countersign', method: 'internal', credential: 'none' };
