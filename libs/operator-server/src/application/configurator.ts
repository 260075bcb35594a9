import { Commands, Configurations } from '@countersign/decisions';
import { accepted, rejected } from '@countersign/kernel';
import { Injectable } from '@nestjs/common';
import { answerOf } from './command-answer.ts';
import type { Commander, CommandResult } from './command-runner.ts';
import { prepareCommand, type WireConfigurationCommand } from './configuration-command.ts';
import { publishWarnings } from './publish-warnings.ts';

/** Carries out what changes configuration, and says what is doubtful about it afterwards. */
@Injectable()
export class Configurator {
  constructor(
    private readonly commands: Commands,
    private readonly configurations: Configurations,
  ) {}

  async run({ organizationId, actor }: Commander, wire: WireConfigurationCommand): Promise<CommandResult> {
    const { command, key } = prepareCommand(wire, Date.now());
    const outcome = await this.commands.execute(organizationId, actor, command);
    if (outcome.outcome === 'rejected') return rejected(outcome.rejection);

    const answer = answerOf(outcome.events, await this.#warnings({ organizationId, actor }, wire));
    return accepted(key === undefined ? answer : { ...answer, key });
  }

  async #warnings({ organizationId }: Commander, wire: WireConfigurationCommand) {
    if (wire.type !== 'PublishPolicy') return [];
    const { state } = await this.configurations.read(organizationId);
    return publishWarnings(wire.document, state);
  }
}
