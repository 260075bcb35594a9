export { InvitationMails, type InvitationLetter } from './invitation-mails.ts';
export { MailAddresses } from './mail-addresses.ts';
export {
  PASSWORD_LENGTH,
  People,
  registrationCodes,
  type NewPerson,
  type Person,
  type Registration,
} from './people.ts';
export {
  PersonalTokens,
  type IssuedPersonalToken,
  type PersonalTokenCard,
  type PersonalTokenWish,
} from './personal-tokens.ts';
export { RefusedAgentKeys } from './refused-agent-keys.ts';
export { SignIns, type Credentials, type SignedIn } from './sign-ins.ts';
export { callerOf, standingOfSignedIn } from './standing-of.ts';
