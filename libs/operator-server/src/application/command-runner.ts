import { HoldCorrections, type ConfigurationRejection, type CorrectionRejection } from '@countersign/decisions';
import { accepted, type Actor, type Decided, type OrganizationId } from '@countersign/kernel';
import { Ledger, SigningKeyRotation } from '@countersign/ledger';
import { Injectable } from '@nestjs/common';
import { answerOf, commandedEvent, type CommandAnswer } from './command-answer.ts';
import { Configurator } from './configurator.ts';
import type { WireCommand } from './wire-command.ts';

/** Who commands, and of which organization. */
export interface Commander {
  readonly organizationId: OrganizationId;
  readonly actor: Actor;
}

export type CommandRejection = ConfigurationRejection | CorrectionRejection;
export type CommandResult = Decided<CommandAnswer, CommandRejection>;

/** Carries out what an operator commands, each through the port that owns it. */
@Injectable()
export class CommandRunner {
  constructor(
    private readonly configurator: Configurator,
    private readonly corrections: HoldCorrections,
    private readonly ledger: Ledger,
    private readonly rotation: SigningKeyRotation,
  ) {}

  async run(commander: Commander, wire: WireCommand): Promise<CommandResult> {
    const { organizationId, actor } = commander;
    switch (wire.type) {
      case 'ErasePayloads': {
        const { positions, reason } = wire;
        return accepted(
          answerOf([commandedEvent(await this.ledger.erase(organizationId, { positions, reason, actor }))]),
        );
      }
      case 'RotateSigningKey':
        return accepted(answerOf((await this.rotation.rotate(organizationId, actor)).map(commandedEvent)));
      case 'CorrectHold': {
        const { type: _type, ...correction } = wire;
        const outcome = await this.corrections.correct(organizationId, actor, correction);
        return outcome.outcome === 'accepted' ? accepted(answerOf(outcome.events)) : outcome;
      }
      default:
        return this.configurator.run(commander, wire);
    }
  }
}
