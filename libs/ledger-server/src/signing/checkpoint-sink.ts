import type { OrganizationId } from '@countersign/kernel';

/** A checkpoint that was signed and stored. */
export interface PublishedCheckpoint {
  readonly organizationId: OrganizationId;
  readonly size: number;
  /** The whole signed note. */
  readonly note: string;
}

/** A place outside the database where checkpoints go: what a later verification is pinned to. */
export abstract class CheckpointSink {
  /** Shown in logs. */
  abstract readonly name: string;

  /** Resolves once the checkpoint is safe there. May be asked again for one it has. */
  abstract accept(checkpoint: PublishedCheckpoint): Promise<void>;
}
