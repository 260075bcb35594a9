import { problemsFrom, type ProblemCodes } from '@countersign/http';

/** Every problem of signing in. Which of two reasons it was (unknown, or wrong) no code tells. */
export const identityProblems = {
  'sign_in.required': {
    status: 401,
    title: 'Not signed in',
    meaning: 'The request carries no session and no personal token, or one that is over.',
    remedy: 'Sign in, or send a personal token: `Authorization: Bearer csp_…`.',
  },
  'sign_in.session_required': {
    status: 403,
    title: 'Not for tokens',
    meaning: 'A personal token was used for what only a person who signed in may do.',
    remedy: 'Sign in and use the session.',
  },
  'sign_in.agent_refused': {
    status: 403,
    title: 'Not for agents',
    meaning: 'An agent key was used where only people act; the attempt was recorded.',
    remedy: 'Sign in as a person, or use a personal token.',
  },
  'sign_in.wrong_credentials': {
    status: 401,
    title: 'Not signed in',
    meaning: 'No account has that address and that password.',
    remedy: 'Correct them, or ask for a new password.',
  },
  'sign_in.email_unverified': {
    status: 403,
    title: 'Address not confirmed',
    meaning: 'The password is right, but the address was never confirmed.',
    remedy: 'Open the link in the mail, or have it sent again.',
  },
  'sign_in.wrong_password': {
    status: 403,
    title: 'Wrong password',
    meaning: 'The password that confirms a change is wrong.',
    remedy: 'Send the password you sign in with.',
  },
  'sign_in.wrong_code': {
    status: 401,
    title: 'Wrong code',
    meaning: 'The code of the second factor is wrong or was used.',
    remedy: 'Send the code that the app shows now, or a backup code.',
  },
  'sign_in.second_step_over': {
    status: 401,
    title: 'Begin again',
    meaning: 'The second step came too late, or failed too often.',
    remedy: 'Sign in with the password again.',
  },
  'sign_in.second_factor_state': {
    status: 409,
    title: 'Not in this state',
    meaning: 'The second factor is on already, or not yet.',
    remedy: 'Read `/api/me`, then turn it on or off.',
  },
  'sign_in.link_over': {
    status: 400,
    title: 'Link is over',
    meaning: 'The link was used, is too old, or is none.',
    remedy: 'Ask for a new one.',
  },
  'sign_in.password_unfit': {
    status: 422,
    title: 'Password unfit',
    meaning: 'A password must have 12 to 128 characters.',
    remedy: 'Choose a longer or a shorter one.',
  },
  'sign_in.no_password': {
    status: 409,
    title: 'No password',
    meaning: 'The account has no password: its person signs in by OIDC.',
    remedy: 'Ask for a new password to have one.',
  },
  'sign_in.too_many_attempts': {
    status: 429,
    title: 'Too many attempts',
    meaning: 'This account or this address tried too often, rightly or wrongly.',
    remedy: 'Wait for the seconds that `Retry-After` says; a new password unlocks the account at once.',
  },
  'sign_in.foreign_origin': {
    status: 403,
    title: 'Foreign origin',
    meaning: 'A page of another origin sent the request, or a browser that does not say which.',
    remedy: 'Send it from the console, or set `CONSOLE_URL` and `PUBLIC_URL` to where people reach them.',
  },
  'sign_in.foreign_redirect': {
    status: 403,
    title: 'Foreign redirect',
    meaning: 'The request would lead to a page of another origin.',
    remedy: 'Give a path, or a URL of the console.',
  },
  'sign_in.closed': {
    status: 403,
    title: 'Sign-up is closed',
    meaning: 'Nobody makes an account by themselves here.',
    remedy: 'Have an owner or admin invite you; or set `SIGN_UP=open`.',
  },
  'sign_in.oidc_absent': {
    status: 404,
    title: 'No such issuer',
    meaning: 'No OIDC issuer is set up, or it has not answered yet.',
    remedy: 'Sign in with a password; an operator finds the reason in the log.',
  },
  'sign_in.refused': {
    status: 400,
    title: 'Refused',
    meaning: 'Signing in was refused for a reason that has no code of its own.',
    remedy: 'Read `detail`; begin again if it does not help.',
  },
  'tokens.not_found': {
    status: 404,
    title: 'Not found',
    meaning: 'You have no such personal token, or it is over.',
    remedy: 'List them: `GET /api/tokens`.',
  },
  'tokens.expiry_unfit': {
    status: 422,
    title: 'Expiry unfit',
    meaning: 'A personal token ends in the past, or later than in a year.',
    remedy: 'Give an `expiresAt` between now and a year from now.',
  },
  'sessions.not_found': {
    status: 404,
    title: 'Not found',
    meaning: 'You have no such session, or it is over.',
    remedy: 'List them: `GET /api/sessions`.',
  },
} as const satisfies ProblemCodes;

export type IdentityProblem = keyof typeof identityProblems;

export const identityProblem = problemsFrom<IdentityProblem>(identityProblems);
