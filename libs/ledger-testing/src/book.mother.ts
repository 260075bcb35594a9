import { nodeCrypto } from '@countersign/crypto';
import type { OrganizationId } from '@countersign/kernel';
import type { CheckpointSigner, NewEvent } from '@countersign/ledger';
import { ExportVerifier, type VerificationPins, type VerificationReport } from '@countersign/ledger/export';
import {
  ada,
  addedKey,
  ledgerEvent,
  newEvent,
  newOrganizationId,
  newSigner,
  originOf,
  vkeyOf,
} from './event.mother.ts';
import { exportOf, fileOf } from './export-of.ts';
import { InMemoryLedger } from './in-memory-ledger.ts';

/** A small ledger with its key, to be exported, damaged and verified. */
export interface Bookkeeping {
  readonly ledger: InMemoryLedger;
  readonly organization: OrganizationId;
  readonly signer: CheckpointSigner;
  readonly origin: string;
  readonly vkey: string;
}

/** A ledger whose position 0 adds the signer's key. */
export async function openBook(signer = newSigner(), organization = newOrganizationId()): Promise<Bookkeeping> {
  const [ledger, origin] = [new InMemoryLedger(), originOf(organization)];
  const added = addedKey({ origin, signer, validFrom: 0 });
  await ledger.append(organization, [ledgerEvent(organization, 1, 'SigningKeyAdded', added)]);
  return { ledger, organization, signer, origin, vkey: vkeyOf(origin, signer) };
}

/** Appends events to the ledger's own stream or to others, whatever versions those have reached. */
export async function record(
  { ledger, organization }: Bookkeeping,
  ...events: readonly (Partial<NewEvent> & { stream: string })[]
) {
  for (const event of events) {
    const streamVersion = (await ledger.readStream(organization, event.stream)).length + 1;
    await ledger.append(organization, [newEvent({ ...event, streamVersion })]);
  }
}

export const refunds = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ stream: `order-${index % 3}`, payload: `{"amount":"${index}"}` }));

export const erase = ({ ledger, organization }: Bookkeeping, ...positions: readonly number[]) =>
  ledger.erase(organization, { positions, reason: 'asked by the customer', actor: ada });

export const linesOf = ({ ledger, organization, signer }: Bookkeeping, ...sizes: readonly number[]) =>
  exportOf(ledger, organization, { sizes, signer });

/** Verifies a whole file. */
export function verifyFile(file: Uint8Array, pins: VerificationPins = {}): VerificationReport {
  const verifier = new ExportVerifier(nodeCrypto, pins);
  verifier.push(file);
  return verifier.finish();
}

export const verifyLines = (lines: readonly string[], pins: VerificationPins = {}) => verifyFile(fileOf(lines), pins);

export const codesOf = ({ problems }: VerificationReport) => problems.map(({ code }) => code);

/** The checkpoint note in an export that covers this size. */
export function noteOf(lines: readonly string[], size: number): string {
  const notes = lines
    .filter((line) => line.startsWith('{"kind":"checkpoint"'))
    .map((line) => JSON.parse(line).note as string);
  const note = notes.find((text) => text.split('\n')[1] === `${size}`);
  if (note === undefined) throw new Error(`no checkpoint of size ${size} in the export`);
  return note;
}
