import { nodeCrypto } from '@countersign/crypto';
import type { OrganizationId } from '@countersign/kernel';
import {
  addLeaf,
  type CheckpointSigner,
  leafHasher,
  type Ledger,
  ledgerStream,
  rootOf,
  treeHasher,
} from '@countersign/ledger';
import { keyRingOf, signCheckpoint } from '@countersign/ledger/checkpoint';
import { eventLine, keyLine, writeExportLine, type ExportLine } from '@countersign/ledger/export';
import { originOf } from './event.mother.ts';

/** How a test wants its export: which sizes get a checkpoint (the last should be the head's), and who signs them. */
export interface ExportWish {
  readonly sizes: readonly number[];
  readonly signer: CheckpointSigner | ((size: number) => CheckpointSigner);
}

/** A whole export of a ledger as its lines, the checkpoints signed here and now. */
export async function exportOf(
  ledger: Ledger,
  organizationId: OrganizationId,
  wish: ExportWish,
): Promise<readonly string[]> {
  const { size } = await ledger.head(organizationId);
  const events = await ledger.readPositions(organizationId, { from: 0, limit: size });
  const leaves = leafHasher(nodeCrypto);
  const leafHashes = events.map((event) => leaves.leafHash(event, event.commitment));
  const origin = originOf(organizationId);
  const lines: ExportLine[] = [
    { kind: 'export', format: 1, organization: organizationId, origin, checkpoints: [...wish.sizes] },
    ...events.map((event, index) => eventLine(event, leafHashes[index] as Uint8Array)),
    ...wish.sizes.map((at) => ({
      kind: 'checkpoint' as const,
      note: checkpointOf(origin, leafHashes.slice(0, at), wish),
    })),
    ...(await keysOf(ledger, organizationId)).ranges.map(keyLine),
  ];
  return lines.map(writeExportLine);
}

/** A file's bytes: every line ends in a newline, the last one too. */
export const fileOf = (lines: readonly string[]) => new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));

/** The keys as the ledger's own events tell them. */
const keysOf = async (ledger: Ledger, organizationId: OrganizationId) =>
  keyRingOf(
    nodeCrypto,
    originOf(organizationId),
    await ledger.readStream(organizationId, ledgerStream(organizationId)),
  );

function checkpointOf(origin: string, leafHashes: readonly Uint8Array[], { signer }: ExportWish): string {
  const hasher = treeHasher(nodeCrypto);
  const edge: Uint8Array[] = [];
  leafHashes.forEach((leafHash, size) => addLeaf(hasher, edge, size, leafHash));
  const size = leafHashes.length;
  return signCheckpoint(
    nodeCrypto,
    { origin, size, root: rootOf(hasher, edge) },
    typeof signer === 'function' ? signer(size) : signer,
  );
}
