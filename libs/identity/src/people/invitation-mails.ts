import type { Instant } from '@countersign/kernel';

export interface InvitationLetter {
  readonly to: string;
  /** By its name. */
  readonly organization: string;
  readonly token: string;
  readonly expiresAt: Instant;
}

/** Brings invitations to whom they are for. Who holds the link may join, so it goes to the address and nowhere else. */
export abstract class InvitationMails {
  /** Where somebody joins by the token, which stands after `#`: no server's log has it. */
  abstract linkOf(token: string): string;
  /** Resolves once a mail server has taken it. @throws when none did. */
  abstract send(letter: InvitationLetter): Promise<void>;
}
