import { createTransport, type Transporter } from 'nodemailer';
import { Mailer, type Mail } from './mailer.ts';

/** A server that hangs must not keep a mail in memory for long. */
const TIMEOUT_MS = 15_000;

/** Sends by SMTP, over TLS where the server offers it. */
export class SmtpMailer extends Mailer {
  readonly #transport: Transporter;

  constructor(
    url: string,
    private readonly from: string,
  ) {
    super();
    this.#transport = createTransport({
      url,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      // A text of ours must never make this process read a file or a page.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send({ to, subject, text }: Mail): Promise<void> {
    // As an object, so that nothing in an address is read as a list of them.
    await this.#transport.sendMail({ from: this.from, to: { name: '', address: to }, subject, text });
  }
}
