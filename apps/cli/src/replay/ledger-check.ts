import { setTimeout as pause } from 'node:timers/promises';
import { nodeCrypto } from '@countersign/crypto';
import { ExportVerifier, type VerificationReport } from '@countersign/ledger/export';
import type { OperatorClient } from '../operator/operator-client.ts';

/** A checkpoint follows a commit by at most a second; twice that is a signer that does not sign. */
const PATIENCE_MS = 5_000;

/**
 * Exports the ledger and verifies it here, as `countersign verify` would. An export ends at the latest checkpoint, so
 * this waits until one covers `position`.
 */
export async function checkLedger(
  operator: OperatorClient,
  organization: string,
  position: number,
): Promise<VerificationReport> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const report = await verified(
      await operator.stream(`/operator/organizations/${encodeURIComponent(organization)}/ledger/export`),
    );
    if (report.events > position || performance.now() > giveUpAt) return covering(report, position);
    await pause(250);
  }
}

async function verified(stream: ReadableStream<Uint8Array>): Promise<VerificationReport> {
  const verifier = new ExportVerifier(nodeCrypto);
  for await (const chunk of stream) verifier.push(chunk);
  return verifier.finish();
}

/** A consistent beginning that leaves our own decisions out proves nothing about them. */
function covering(report: VerificationReport, position: number): VerificationReport {
  if (report.events > position) return report;
  return { ...report, ok: false, summary: `${report.summary}; no checkpoint covers position ${position} yet` };
}
