import { hash } from 'node:crypto';
import type { AgentId } from '@countersign/kernel';

/** 128 bits of SHA-256 over the agent and its request id, written as a UUID: see `ledger.request_keys`. */
export function requestKeyOf(agentId: AgentId, requestId: string): string {
  // Agent ids have one length, so the two cannot run into each other.
  const hex = hash('sha256', agentId + requestId, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
