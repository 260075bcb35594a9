import { z } from 'zod';
import { OIDC_PROVIDER } from '../adapters/auth-library.ts';
import type { Trying } from '../application/sign-in-throttle.ts';

/** What we let through to the library: everything else it could do is not served. */
export interface AuthRoute {
  /** Null: it has no body. */
  readonly body: z.ZodType<Body> | null;
  readonly trying: Trying;
  /** Whose account is tried: by the address in the body, or that of who is signed in. */
  readonly accountOf: 'body' | 'session' | 'nobody';
  /** Answers as late for an account that exists as for one that does not. */
  readonly isLevelled: boolean;
}

export type Body = Readonly<Record<string, unknown>>;

const email = z
  .email('must be an e-mail address')
  .max(320)
  .transform((text) => text.toLowerCase());
// Only the library says how long a new one must be; an old one only must not keep a processor busy.
const password = z.string().max(1_024);
const code = z.string().min(1).max(32);
const page = z.string().max(2_048).optional();
const name = z.string().trim().min(1).max(200);

const route = (body: AuthRoute['body'], more: Partial<AuthRoute> = {}): AuthRoute => ({
  body,
  trying: 'nothing',
  accountOf: 'nobody',
  isLevelled: false,
  ...more,
});

const nothing = z.strictObject({});
const byPassword = { trying: 'password', accountOf: 'session' } as const;
const byMail = { trying: 'mail', accountOf: 'body', isLevelled: true } as const;
const secondStep = z.strictObject({ code, trustDevice: z.boolean().optional() });

/** By method and path below `/api/auth`. */
export const authRoutes: ReadonlyMap<string, AuthRoute> = new Map(
  Object.entries({
    'POST /sign-in/email': route(z.strictObject({ email, password, rememberMe: z.boolean().optional() }), {
      trying: 'password',
      accountOf: 'body',
    }),
    'POST /sign-in/social': route(
      z.strictObject({
        provider: z.literal(OIDC_PROVIDER),
        callbackURL: page,
        errorCallbackURL: page,
        newUserCallbackURL: page,
      }),
    ),
    [`GET /callback/${OIDC_PROVIDER}`]: route(null),
    'POST /sign-up/email': route(z.strictObject({ name, email, password, callbackURL: page }), byMail),
    'GET /verify-email': route(null),
    'POST /send-verification-email': route(z.strictObject({ email, callbackURL: page }), byMail),
    'POST /request-password-reset': route(z.strictObject({ email }), byMail),
    'POST /reset-password': route(z.strictObject({ token: z.string().min(1).max(128), newPassword: password }), {
      trying: 'code',
    }),
    'GET /get-session': route(null),
    'POST /sign-out': route(nothing),
    'POST /revoke-sessions': route(nothing),
    'POST /update-user': route(z.strictObject({ name })),
    'POST /change-password': route(
      // A password is changed because somebody else may know it: whoever is signed in elsewhere no longer is.
      z
        .strictObject({ currentPassword: password, newPassword: password })
        .transform((body) => ({ ...body, revokeOtherSessions: true })),
      byPassword,
    ),
    'POST /two-factor/enable': route(z.strictObject({ password }), byPassword),
    'POST /two-factor/disable': route(z.strictObject({ password }), byPassword),
    'POST /two-factor/generate-backup-codes': route(z.strictObject({ password }), byPassword),
    'POST /two-factor/verify-totp': route(secondStep, { trying: 'code' }),
    'POST /two-factor/verify-backup-code': route(secondStep, { trying: 'code' }),
  }),
);
