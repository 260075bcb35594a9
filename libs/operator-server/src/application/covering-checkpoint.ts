import { setTimeout as pause } from 'node:timers/promises';
import type { OrganizationId } from '@countersign/kernel';
import type { CheckpointRow, CheckpointRows } from '../adapters/checkpoint-rows.ts';

/** The signer is at most a second behind. */
const WAIT_MILLISECONDS = 2_000;
const PAUSE_MILLISECONDS = 50;

/** The smallest checkpoint that covers `size` events, waiting for the signer; null when there is none in two seconds. */
export async function coveringCheckpoint(
  checkpoints: CheckpointRows,
  organizationId: OrganizationId,
  size: number,
): Promise<CheckpointRow | null> {
  const deadline = performance.now() + WAIT_MILLISECONDS;
  for (;;) {
    const checkpoint = await checkpoints.covering(organizationId, size);
    if (checkpoint || performance.now() > deadline) return checkpoint;
    await pause(PAUSE_MILLISECONDS);
  }
}
