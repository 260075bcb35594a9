import type { Mailer } from '@countersign/mail';

export interface MailLinks {
  readonly publicUrl: string;
  readonly consoleUrl: string;
}

/** The mails that signing in needs, in words. */
export class AuthMails {
  constructor(
    private readonly mailer: Mailer,
    private readonly links: MailLinks,
  ) {}

  /** The console asks for the new password, so the token stands in its address, after `#`: no server's log has it. */
  resetPassword(to: string, token: string): Promise<void> {
    return this.mailer.send({
      to,
      subject: 'Set a new password for Countersign',
      text: [
        'Somebody, hopefully you, asked to set a new password for your Countersign account. Within 30 minutes, open:',
        `${this.links.consoleUrl}/reset-password#token=${token}`,
        'If it was not you, do nothing: the password stays as it is.',
      ].join('\n\n'),
    });
  }

  verifyAddress(to: string, token: string): Promise<void> {
    const then = encodeURIComponent(`${this.links.consoleUrl}/sign-in`);
    return this.mailer.send({
      to,
      subject: 'Confirm your address for Countersign',
      text: [
        'To use your Countersign account, confirm within a day that this address is yours:',
        `${this.links.publicUrl}/api/auth/verify-email?token=${token}&callbackURL=${then}`,
        'If you made no account, do nothing.',
      ].join('\n\n'),
    });
  }

  /** What the person at the keyboard is not told, the owner of the address is. */
  alreadySignedUp(to: string): Promise<void> {
    return this.mailer.send({
      to,
      subject: 'You have a Countersign account',
      text: [
        'Somebody, hopefully you, tried to make a Countersign account with this address, which has one. Sign in, or ask for a new password, at:',
        `${this.links.consoleUrl}/sign-in`,
      ].join('\n\n'),
    });
  }
}
