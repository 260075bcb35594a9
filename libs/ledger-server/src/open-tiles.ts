import type { OrganizationId } from '@countersign/kernel';

/**
 * The leaf hashes since the last tile boundary, remembered by tree size: exact exactly when the locked head still has
 * that size, so a replica that finds another's appends in between simply reads them instead.
 */
export class OpenTiles {
  readonly #known = new Map<OrganizationId, { size: number; leaves: readonly Uint8Array[] }>();

  at(organizationId: OrganizationId, size: number): readonly Uint8Array[] | null {
    const known = this.#known.get(organizationId);
    return known?.size === size ? known.leaves : null;
  }

  remember(organizationId: OrganizationId, size: number, leaves: readonly Uint8Array[] | null): void {
    if (leaves) this.#known.set(organizationId, { size, leaves });
    else this.#known.delete(organizationId);
  }
}
