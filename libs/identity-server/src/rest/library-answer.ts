import type { ProblemAnswer } from '@countersign/http';
import { identityProblem, type IdentityProblem } from './identity-problems.ts';

/** The library's codes in our words. Several may become one, so that an answer does not tell more than it should. */
const problemByCode: Readonly<Record<string, IdentityProblem>> = {
  INVALID_EMAIL_OR_PASSWORD: 'sign_in.wrong_credentials',
  INVALID_EMAIL: 'sign_in.wrong_credentials',
  EMAIL_NOT_VERIFIED: 'sign_in.email_unverified',
  INVALID_PASSWORD: 'sign_in.wrong_password',
  INVALID_CODE: 'sign_in.wrong_code',
  INVALID_BACKUP_CODE: 'sign_in.wrong_code',
  INVALID_TWO_FACTOR_COOKIE: 'sign_in.second_step_over',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'sign_in.second_step_over',
  ACCOUNT_TEMPORARILY_LOCKED: 'sign_in.too_many_attempts',
  TOTP_NOT_ENABLED: 'sign_in.second_factor_state',
  TOTP_ALREADY_ENABLED: 'sign_in.second_factor_state',
  TWO_FACTOR_NOT_ENABLED: 'sign_in.second_factor_state',
  BACKUP_CODES_NOT_ENABLED: 'sign_in.second_factor_state',
  INVALID_TOKEN: 'sign_in.link_over',
  TOKEN_EXPIRED: 'sign_in.link_over',
  USER_NOT_FOUND: 'sign_in.link_over',
  PASSWORD_TOO_SHORT: 'sign_in.password_unfit',
  PASSWORD_TOO_LONG: 'sign_in.password_unfit',
  CREDENTIAL_ACCOUNT_NOT_FOUND: 'sign_in.no_password',
  INVALID_ORIGIN: 'sign_in.foreign_origin',
  MISSING_OR_NULL_ORIGIN: 'sign_in.foreign_origin',
  CROSS_SITE_NAVIGATION_LOGIN_BLOCKED: 'sign_in.foreign_origin',
  INVALID_CALLBACK_URL: 'sign_in.foreign_redirect',
  INVALID_REDIRECT_URL: 'sign_in.foreign_redirect',
  INVALID_ERROR_CALLBACK_URL: 'sign_in.foreign_redirect',
  INVALID_NEW_USER_CALLBACK_URL: 'sign_in.foreign_redirect',
  PROVIDER_NOT_FOUND: 'sign_in.oidc_absent',
  EMAIL_PASSWORD_SIGN_UP_DISABLED: 'sign_in.closed',
  UNAUTHORIZED: 'sign_in.required',
};

interface Refusal {
  readonly code?: unknown;
  readonly message?: unknown;
}

/** How long the library locks a second factor; it does not say what is left of it. */
export const SECOND_FACTOR_LOCK_SECONDS = 900;

/** What the library refused, as a problem; its message is the detail, for it tells no secret. */
export function problemOfRefusal(refusal: Refusal): ProblemAnswer {
  const code = typeof refusal.code === 'string' ? problemByCode[refusal.code] : undefined;
  const said = typeof refusal.message === 'string' && refusal.message !== '' ? refusal.message : 'it was refused';
  const isLock = code === 'sign_in.too_many_attempts';
  return identityProblem(
    code ?? 'sign_in.refused',
    said,
    isLock ? { retryAfterSeconds: SECOND_FACTOR_LOCK_SECONDS } : {},
  );
}

/**
 * What the library answers, less the token of the session: that is for the cookie alone, which no script can read.
 */
export function withoutSessionToken(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { token: _token, ...rest } = body as { token?: unknown; session?: unknown };
  if (typeof rest.session !== 'object' || rest.session === null) return rest;
  const { token: _sessionToken, ...session } = rest.session as { token?: unknown };
  return { ...rest, session };
}
