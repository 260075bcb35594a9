import { Ledger, SigningKeyRotation, type RecordedEvent } from '@countersign/ledger';
import { RestoredLedgers } from '@countersign/ledger-server/signing';
import { Injectable } from '@nestjs/common';
import type { Commander } from './command-runner.ts';
import type { WireCommand } from './wire-command.ts';

/** Commands about the ledger itself. What they append stands on its own stream. */
export type WireLedgerCommand = Extract<WireCommand, { type: 'ErasePayloads' | 'RotateSigningKey' | 'ReopenLedger' }>;

@Injectable()
export class LedgerCommands {
  constructor(
    private readonly ledger: Ledger,
    private readonly rotation: SigningKeyRotation,
    private readonly restored: RestoredLedgers,
  ) {}

  /** @throws {ErasureRefused | NothingLost | LedgerFormatError | SigningKeyUnavailable} and nothing was appended. */
  async run({ organizationId, actor }: Commander, wire: WireLedgerCommand): Promise<readonly RecordedEvent[]> {
    switch (wire.type) {
      case 'ErasePayloads': {
        const { positions, reason } = wire;
        return [await this.ledger.erase(organizationId, { positions, reason, actor })];
      }
      case 'RotateSigningKey':
        return this.rotation.rotate(organizationId, actor);
      case 'ReopenLedger': {
        const { lastCheckpoint, reason } = wire;
        return this.restored.reopen(organizationId, actor, { lastCheckpoint, reason });
      }
    }
  }
}
