import { activeMember } from '@countersign/identity';
import { MailAddresses } from '@countersign/identity/people';
import { Configurations } from '@countersign/decisions';
import type { MemberId, OrganizationId } from '@countersign/kernel';
import type { Mailer } from '@countersign/mail';
import { wordsOf } from '@countersign/notices';
import type { ClaimedDelivery } from '../adapters/delivery-rows.ts';
import type { Sent, WayOut } from './way-out.ts';

export interface NoticeMailParts {
  readonly configurations: Configurations;
  readonly addresses: MailAddresses;
  readonly mailer: Pick<Mailer, 'send'>;
  readonly consoleUrl: string;
}

/** Mails to members, at the address they proved to be theirs. */
export class NoticeMails implements WayOut {
  constructor(private readonly parts: NoticeMailParts) {}

  async send(organizationId: OrganizationId, { recipient, content }: ClaimedDelivery): Promise<Sent> {
    const { configurations, addresses, mailer, consoleUrl } = this.parts;
    const { state } = await configurations.read(organizationId);
    // Whoever has left since is told nothing more.
    const member = activeMember(state, recipient as MemberId);
    const to = member && (await addresses.of([member.userId])).get(member.userId);
    if (!to) return { outcome: 'obsolete' };
    const organization = state.organization.get('self')?.name ?? '';
    const { subject, paragraphs } = wordsOf(content, { organization, consoleUrl });
    try {
      await mailer.send({ to, subject, text: [...paragraphs, FOOTER].join('\n\n') });
      return { outcome: 'delivered', answered: null };
    } catch (error) {
      return { outcome: 'failed', answered: null, error: String((error as { code?: unknown }).code ?? 'mail') };
    }
  }
}

const FOOTER = 'You choose which notices you are mailed in Countersign.';
