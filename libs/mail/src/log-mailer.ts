import { Mailer, type Mail } from './mailer.ts';

/** For a system without SMTP: whoever runs it reads the link in the log. The one place where a secret is printed. */
export class LogMailer extends Mailer {
  constructor(private readonly print: (line: string) => void) {
    super();
  }

  async send({ to, subject, text }: Mail): Promise<void> {
    this.print(`no SMTP_URL is set, so this mail was not sent:\nTo: ${to}\nSubject: ${subject}\n\n${text}`);
  }
}
