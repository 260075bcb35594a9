import type { Actor } from '@countersign/kernel';
import type { Caller } from './pending.ts';

/** Who an agent is in the ledger: the agent, by the key it used. */
export const agentActor = ({ agentId, keyId }: Caller): Actor => ({
  kind: 'agent',
  id: agentId,
  method: 'agent-key',
  credential: keyId,
});
