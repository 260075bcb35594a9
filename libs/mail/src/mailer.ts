export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Plain text: what people are to click stands in a line of its own. */
  readonly text: string;
}

/** Sends mail to people. */
export abstract class Mailer {
  /** Resolves once a server has taken it; whether it arrives nobody knows. @throws when none did. */
  abstract send(mail: Mail): Promise<void>;
}
