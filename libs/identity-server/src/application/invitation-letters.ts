import { InvitationMails, type InvitationLetter } from '@countersign/identity/people';
import { toIso } from '@countersign/kernel';
import type { Mailer } from '@countersign/mail';

/** Invitations by mail, in words. */
export class InvitationLetters extends InvitationMails {
  constructor(
    private readonly mailer: Mailer,
    private readonly consoleUrl: string,
  ) {
    super();
  }

  override linkOf(token: string): string {
    return `${this.consoleUrl}/invitation#token=${token}`;
  }

  override send({ to, organization, token, expiresAt }: InvitationLetter): Promise<void> {
    return this.mailer.send({
      to,
      subject: `You are invited to ${organization} on Countersign`,
      text: [
        `You are invited to join the organization ${organization}. Until ${toIso(expiresAt)}, open:`,
        this.linkOf(token),
        'If you do not know why, do nothing. Do not pass this on: whoever opens the link joins in your name.',
      ].join('\n\n'),
    });
  }
}
