import { uuidv7 } from '@countersign/crypto';
import { PASSWORD_LENGTH } from '@countersign/identity/people';
import type { IdentityDatabase } from '@countersign/prisma';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import type { BetterAuthOptions } from 'better-auth';
import { APIError } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import { genericOAuth, twoFactor } from 'better-auth/plugins';
import type { AuthMails } from '../application/auth-mails.ts';
import { methodOf } from '../application/sign-in-method.ts';
import type { IdentityConfig, OidcClient } from '../identity.config.ts';
import { trustedOrigins } from '../rest/origin-check.ts';
import { hashSessionTokens } from './hashed-session-tokens.ts';

/** Tells the library which address a request came from. Requests of others that bring it have it replaced. */
export const ADDRESS_HEADER = 'x-countersign-address';

export const OIDC_PROVIDER = 'oidc';

const DAY_SECONDS = 86_400;

export interface LibraryParts {
  readonly database: IdentityDatabase;
  readonly config: IdentityConfig;
  readonly secret: string;
  readonly mails: AuthMails;
  /** Somebody proved by a mail who they are, and set a new password. */
  readonly afterReset: (user: { readonly id: string; readonly email: string }) => Promise<void>;
  /** Whether nobody signed in with this code of that person's before. */
  readonly isFirstUse: (userId: string, code: string) => Promise<boolean>;
  /** Work that an answer does not wait for, such as sending a mail. */
  readonly inBackground: (work: Promise<unknown>) => void;
  readonly log: (level: 'warn' | 'error', line: string) => void;
}

export type AuthLibrary = ReturnType<typeof buildLibrary>;

/** The authentication library as we use it: every setting that is not its default is here, and why. */
export const buildLibrary = (parts: LibraryParts, oidc: OidcClient | null) =>
  betterAuth({
    appName: 'Countersign',
    baseURL: parts.config.publicUrl,
    basePath: '/api/auth',
    secret: parts.secret,
    // Given here as well, so that no variable of the library's own can put another in its place.
    secrets: [{ version: 1, value: parts.secret }],
    trustedOrigins: [...trustedOrigins(parts.config)],
    database: (options: BetterAuthOptions) =>
      hashSessionTokens(prismaAdapter(parts.database, { provider: 'postgresql', transaction: true })(options)),
    user: { changeEmail: { enabled: false }, deleteUser: { enabled: false } },
    session: {
      expiresIn: parts.config.sessionDays * DAY_SECONDS,
      additionalFields: { method: { type: 'string', required: false, input: false } },
      // A session that was ended is ended at the next request, everywhere.
      cookieCache: { enabled: false },
    },
    account: { accountLinking: { enabled: true, requireLocalEmailVerified: true } },
    verification: { storeIdentifier: 'hashed' },
    emailAndPassword: passwords(parts),
    emailVerification: {
      sendVerificationEmail: ({ user, token }) => parts.mails.verifyAddress(user.email, token),
      expiresIn: DAY_SECONDS,
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => {
            await refuseUsedCode(session.userId, context, parts);
            return { data: { method: methodOf(session, context) } };
          },
        },
      },
      account: { create: { before: withoutTokens }, update: { before: withoutTokens } },
    },
    plugins: [twoFactor({ issuer: 'Countersign' }), ...(oidc ? [oidcPlugin(oidc)] : [])],
    // Ours counts per account as well, over all replicas, and before a password is hashed.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: {
      cookiePrefix: 'countersign',
      useSecureCookies: parts.config.publicUrl.startsWith('https://'),
      // Both by name: in tests the library would leave them out by itself.
      disableCSRFCheck: false,
      disableOriginCheck: false,
      database: { generateId: () => uuidv7(Date.now()), validateSchema: false },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      backgroundTasks: { handler: parts.inBackground },
    },
    onAPIError: { errorURL: `${parts.config.consoleUrl}/sign-in` },
    logger: { level: 'error', log: (level, line) => parts.log(level === 'error' ? 'error' : 'warn', line) },
  });

interface Making {
  readonly path?: string | undefined;
  readonly body?: { readonly code?: unknown } | undefined;
}

/** The library takes a right code as often as it comes; no session is made of one that made a session before. */
async function refuseUsedCode(userId: string, making: Making | null, { isFirstUse }: LibraryParts): Promise<void> {
  if (making?.path !== '/two-factor/verify-totp') return;
  if (await isFirstUse(userId, String(making.body?.code))) return;
  throw new APIError('UNAUTHORIZED', { code: 'INVALID_CODE', message: 'the code was used: wait for the next' });
}

const passwords = ({
  config,
  mails,
  afterReset,
}: LibraryParts): NonNullable<BetterAuthOptions['emailAndPassword']> => ({
  enabled: true,
  disableSignUp: !config.isSignUpOpen,
  // Also what keeps a sign-up from telling whether an address is known.
  requireEmailVerification: true,
  minPasswordLength: PASSWORD_LENGTH.min,
  maxPasswordLength: PASSWORD_LENGTH.max,
  resetPasswordTokenExpiresIn: 1_800,
  revokeSessionsOnPasswordReset: true,
  sendResetPassword: ({ user, token }) => mails.resetPassword(user.email, token),
  onPasswordReset: ({ user }) => afterReset(user),
  onExistingUserSignUp: ({ user }) => mails.alreadySignedUp(user.email),
});

const oidcPlugin = ({ issuer, clientId, clientSecret }: OidcClient) =>
  genericOAuth({
    config: [
      {
        providerId: OIDC_PROVIDER,
        discoveryUrl: discoveryUrlOf(issuer),
        clientId,
        clientSecret,
        scopes: ['openid', 'email', 'profile'],
        pkce: true,
        requireIdTokenVerification: true,
        // Signing out here ends what is ours; the person stays signed in where they signed in.
        disableProviderLogout: true,
        mapProfileToUser: (profile) => ({ name: nameOf(profile), emailVerified: profile['email_verified'] === true }),
      },
    ],
  });

/** OpenID Connect Discovery 1.0, section 4. */
export const discoveryUrlOf = (issuer: string) => `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;

const nameOf = (profile: Record<string, unknown>): string =>
  [profile['name'], profile['preferred_username'], profile['email']].find(isWord) ?? 'unnamed';

const isWord = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Who a person is was told by the issuer once; its tokens would let whoever reads the table act there. */
const withoutTokens = async () => ({ data: { accessToken: null, refreshToken: null, idToken: null } });
