import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { OrganizationId } from '@countersign/kernel';
import { fromBase64, toBase64, type TreeHead } from '@countersign/ledger';
import { z } from 'zod';
import { isAbsent, replaceFile } from './durable-file.ts';
import { SignerState } from './signer-state.ts';

/** By the log's name: after a restore an organization's log has a new one. */
const Heads = z.record(z.string(), z.strictObject({ size: z.number().int().min(0), root: z.string() }));
type Heads = z.infer<typeof Heads>;

/**
 * One small file for each organization, read anew each time, because another process may have signed. Whoever signs
 * holds the organization's signing lock in the database, so writers of one file take turns.
 */
export class FileSignerState extends SignerState {
  constructor(private readonly directory: string) {
    super();
  }

  override async last(organizationId: OrganizationId, origin: string): Promise<TreeHead | null> {
    return headOf(await this.#read(organizationId), origin);
  }

  override async remember(organizationId: OrganizationId, origin: string, { size, root }: TreeHead): Promise<void> {
    const heads = await this.#read(organizationId);
    if ((headOf(heads, origin)?.size ?? -1) >= size) return;
    const content = JSON.stringify({ ...heads, [origin]: { size, root: toBase64(root) } }, null, 2);
    await replaceFile(this.#file(organizationId), `${content}\n`);
  }

  /** @throws {Error} for a file that cannot be understood: guessing what was signed could fork a log. */
  async #read(organizationId: OrganizationId): Promise<Heads> {
    const file = this.#file(organizationId);
    try {
      return Heads.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      if (isAbsent(error)) return {};
      throw new Error(`${file}, where the signer keeps what it signed last, cannot be read: restore it from a copy`, {
        cause: error,
      });
    }
  }

  #file(organizationId: OrganizationId): string {
    return path.join(this.directory, `${organizationId}.json`);
  }
}

function headOf(heads: Heads, origin: string): TreeHead | null {
  const head = Object.hasOwn(heads, origin) ? heads[origin] : undefined;
  const root = head && fromBase64(head.root);
  if (head && !root) throw new Error(`what the signer keeps of \`${origin}\` is damaged: restore it from a copy`);
  return head && root ? { size: head.size, root } : null;
}
