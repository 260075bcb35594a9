import { HoldCorrections, type CommandRejection as Rejection, type CorrectionRejection } from '@countersign/decisions';
import { accepted, type Actor, type Decided, type OrganizationId } from '@countersign/kernel';
import { Injectable } from '@nestjs/common';
import { answerOf, commandedEvent, Configurator, type CommandAnswer } from '@countersign/surface';
import { LedgerCommands } from './ledger-commands.ts';
import type { WireCommand } from './wire-command.ts';

/** Who commands, and of which organization. */
export interface Commander {
  readonly organizationId: OrganizationId;
  readonly actor: Actor;
}

export type CommandRejection = Rejection | CorrectionRejection;
export type CommandResult = Decided<CommandAnswer, CommandRejection>;

/** Carries out what an operator commands, each through the port that owns it. */
@Injectable()
export class CommandRunner {
  constructor(
    private readonly configurator: Configurator,
    private readonly corrections: HoldCorrections,
    private readonly ledger: LedgerCommands,
  ) {}

  /** @param delivery how an invitation reaches whom it is for; an operator may carry the link themselves. */
  async run(commander: Commander, wire: WireCommand, delivery: 'mail' | 'link' = 'mail'): Promise<CommandResult> {
    const { organizationId, actor } = commander;
    switch (wire.type) {
      case 'ErasePayloads':
      case 'RotateSigningKey':
      case 'ReopenLedger':
        return accepted(answerOf((await this.ledger.run(commander, wire)).map(commandedEvent)));
      case 'CorrectHold': {
        const { type: _type, ...correction } = wire;
        const outcome = await this.corrections.correct(organizationId, actor, correction);
        return outcome.outcome === 'accepted' ? accepted(answerOf(outcome.events)) : outcome;
      }
      default:
        return this.configurator.run({ organizationId, caller: { actor, tokenRights: null }, wire, delivery });
    }
  }
}
