import { EndpointSecrets, type EndpointSecretPlace } from '@countersign/channels';
import { Commands, type CommandOutcome, type ConfigurationCommand } from '@countersign/decisions';
import type { Caller } from '@countersign/identity';
import type { OrganizationId } from '@countersign/kernel';
import { Injectable } from '@nestjs/common';
import type { PreparedCommand } from './configuration-command.ts';

/** Carries out commands of which some name a secret by its id: that one is kept, and in no event. */
@Injectable()
export class SecretCommands {
  constructor(
    private readonly commands: Commands,
    private readonly endpointSecrets: EndpointSecrets,
  ) {}

  /** Kept before an event can name it; of the two that could be lost, an unused secret is the better one. */
  async execute(
    organizationId: OrganizationId,
    caller: Caller,
    { command, secret = '' }: PreparedCommand,
  ): Promise<CommandOutcome> {
    const place = placeOf(organizationId, command);
    if (place) await this.endpointSecrets.keep(place, secret);
    const outcome = await this.commands.execute(organizationId, caller, command);
    if (place && outcome.outcome === 'rejected') await this.endpointSecrets.forget(place);
    return outcome;
  }
}

/** Where the secret goes that a command names; null for a command that names none. */
function placeOf(organizationId: OrganizationId, command: ConfigurationCommand): EndpointSecretPlace | null {
  if (command.type !== 'AddEndpoint' && command.type !== 'RotateEndpointSecret') return null;
  const { endpointId, secretId } = command;
  return { organizationId, endpointId, secretId };
}
