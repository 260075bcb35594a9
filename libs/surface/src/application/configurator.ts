import { isOfThisMachine } from '@countersign/channels';
import {
  Configurations,
  type CommandRejection,
  type ConfigurationCommand,
  type EnforcementState,
} from '@countersign/decisions';
import type { Caller } from '@countersign/identity';
import { InvitationMails } from '@countersign/identity/people';
import { accepted, rejected, type Decided, type OrganizationId } from '@countersign/kernel';
import { publicationOf, type PolicyChangeCommand } from '@countersign/policy';
import { Injectable, Logger } from '@nestjs/common';
import { answerOf, type CommandAnswer, type Warning } from './command-answer.ts';
import { prepareCommand } from './configuration-command.ts';
import type { WireConfigurationCommand } from './configuration-wire.ts';
import { PublicationList } from './publication-list.ts';
import { publishWarnings } from './publish-warnings.ts';
import { SecretCommands } from './secret-commands.ts';

export interface ConfigurationWish {
  readonly organizationId: OrganizationId;
  readonly caller: Caller;
  readonly wire: WireConfigurationCommand;
  /**
   * `link` answers the link instead of mailing it. For operators only: whoever has it may join as that address, so a
   * member who had it could become somebody else.
   */
  readonly delivery?: 'mail' | 'link';
}

/** What an accepted command may be doubtful about, beside what a policy's text says. */
export const configurationWarnings = {
  'policy.unknown_team': 'A policy names a team that does not exist, so nobody could answer what it asks.',
  'channels.private_endpoint':
    'The URL leads to this machine, where nothing is sent unless `WEBHOOK_PRIVATE_ADDRESSES=allow` is set for the worker.',
  'identity.invitation_not_sent': 'No mail server took the invitation: revoke it and invite again.',
} as const;

type Invitation = Extract<ConfigurationCommand, { type: 'InviteMember' }>;

/** Carries out what changes configuration, for whoever commands it, and says what is doubtful about it afterwards. */
@Injectable()
export class Configurator {
  readonly #logger = new Logger('configurator');

  constructor(
    private readonly commands: SecretCommands,
    private readonly configurations: Configurations,
    private readonly mails: InvitationMails,
    private readonly publications: PublicationList,
  ) {}

  /** @throws the faults of the ledger; never a rejection. */
  async run(wish: ConfigurationWish): Promise<Decided<CommandAnswer, CommandRejection>> {
    const { organizationId, caller, wire } = wish;
    const prepared = prepareCommand(wire, Date.now());
    const { command, secret = '' } = prepared;
    const outcome = await this.commands.execute(organizationId, caller, prepared);
    if (outcome.outcome === 'rejected') return rejected(outcome.rejection);
    const { events } = outcome;
    switch (command.type) {
      case 'InviteMember':
        return accepted({ ...answerOf(events), ...(await this.#deliver(wish, command, secret)) });
      case 'IssueAgentKey':
        return accepted({ ...answerOf(events), key: secret });
      case 'AddEndpoint':
        return accepted({ ...answerOf(events, endpointWarnings(command.url)), secret });
      case 'ChangeEndpoint':
        return accepted(answerOf(events, endpointWarnings(command.url)));
      case 'RotateEndpointSecret':
        return accepted({ ...answerOf(events), secret });
      case 'PublishPolicy':
      case 'AttachPolicy':
      case 'DetachPolicy':
        return accepted({ ...answerOf(events), ...(await this.#told(organizationId, command)) });
      default:
        return accepted(answerOf(events));
    }
  }

  /** After the commit: a mail about what did not happen could not be taken back. */
  async #deliver(
    { organizationId, delivery }: ConfigurationWish,
    { email: to, expiresAt }: Invitation,
    token: string,
  ): Promise<Partial<CommandAnswer>> {
    if (delivery === 'link') return { link: this.mails.linkOf(token) };
    const organization = (await this.#stateOf(organizationId)).organization.get('self')?.name ?? '';
    try {
      await this.mails.send({ to, organization, token, expiresAt });
      return {};
    } catch (error) {
      this.#logger.error(`an invitation was not sent: ${String(error)}`);
      return { warnings: [warningOf('identity.invitation_not_sent')] };
    }
  }

  /** Wanting again what waits already comes to no event, and is told like the first time. */
  async #told(organizationId: OrganizationId, command: PolicyChangeCommand): Promise<Partial<CommandAnswer>> {
    const state = await this.#stateOf(organizationId);
    const publication = publicationOf(command, state);
    return {
      ...(command.type === 'PublishPolicy' && { warnings: publishWarnings(command.document, state) }),
      ...(publication && { waiting: await this.publications.waiting(publication, state) }),
    };
  }

  async #stateOf(organizationId: OrganizationId): Promise<EnforcementState> {
    return (await this.configurations.read(organizationId)).state;
  }
}

/** Only the worker knows whether it is allowed, and names lead where they like: this is about the one sure case. */
const endpointWarnings = (url: string | undefined) =>
  url !== undefined && isOfThisMachine(url) ? [warningOf('channels.private_endpoint')] : [];

const warningOf = (code: keyof typeof configurationWarnings): Warning => ({
  code,
  message: configurationWarnings[code],
  line: null,
  column: null,
  path: null,
});
