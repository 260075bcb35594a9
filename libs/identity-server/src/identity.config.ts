import { mailConfigOf, mailSettings, type MailConfig } from '@countersign/mail';
import { z } from 'zod';

const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

export const isLoopback = (url: string): boolean => LOOPBACK_HOSTS.includes(new URL(url).hostname);

/** A password or a session in clear text over a network is worth nothing, and cookies are Secure there. */
const webUrl = z
  .url({
    protocol: /^https?$/,
    message: 'set it to a URL that begins with https:// (or http://localhost)',
    abort: true,
  })
  .refine((url) => url.startsWith('https://') || isLoopback(url), 'must begin with https:// off this machine')
  .transform((url) => new URL(url).origin);

const port = z.coerce.number().int().min(0).max(65_535);

/** What people's signing in can be set to. An app reads it together with its own settings. */
export const identitySettings = {
  API_PORT: port.default(4000),
  CONSOLE_PORT: port.default(3000),
  // Where browsers reach the api: cookies, redirects of OIDC and links in mails are made for it.
  PUBLIC_URL: webUrl.optional(),
  // Where browsers reach the console: the only other origin whose requests are taken, and where links in mails lead.
  CONSOLE_URL: webUrl.optional(),
  // Signs cookies and encrypts second factors. Every api needs the same. Without it, one is made and kept in the data
  // directory; whoever loses it signs everybody out and turns second factors off.
  AUTH_SECRET: z.string().min(32, 'must have at least 32 characters: `openssl rand -base64 32`').optional(),
  ...mailSettings,
  // `open` lets anybody make an account, which belongs to no organization until somebody invites it.
  SIGN_UP: z.enum(['open', 'closed']).default('closed'),
  // How long a session lasts that nobody uses.
  SESSION_DAYS: z.coerce.number().int().min(1).max(90).default(7),
  // Wrong passwords for one account, and from one address, before it is locked for the time below.
  SIGN_IN_ATTEMPTS_PER_ACCOUNT: z.coerce.number().int().min(3).max(100).default(10),
  SIGN_IN_ATTEMPTS_PER_ADDRESS: z.coerce.number().int().min(3).max(10_000).default(50),
  SIGN_IN_LOCK_SECONDS: z.coerce.number().int().min(1).max(86_400).default(900),
  // Addresses or networks of the proxies before the api, comma-separated. Only they may say whom they forward.
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((each) => each.trim())
        .filter(Boolean),
    ),
  // An OIDC issuer by which people may sign in, too. It is asked for its configuration at the start.
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
} as const;

type Settings = z.infer<z.ZodObject<typeof identitySettings>>;

export interface OidcClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface IdentityConfig extends MailConfig {
  /** Origins, without a path. */
  readonly publicUrl: string;
  readonly consoleUrl: string;
  readonly secret: string | undefined;
  readonly isSignUpOpen: boolean;
  readonly sessionDays: number;
  readonly attemptsPerAccountMax: number;
  readonly attemptsPerAddressMax: number;
  readonly lockSeconds: number;
  readonly trustedProxies: readonly string[];
  readonly oidc: OidcClient | null;
}

export const identityConfigOf = (env: Settings): IdentityConfig => ({
  publicUrl: env.PUBLIC_URL ?? `http://localhost:${env.API_PORT}`,
  consoleUrl: env.CONSOLE_URL ?? `http://localhost:${env.CONSOLE_PORT}`,
  secret: env.AUTH_SECRET,
  ...mailConfigOf(env),
  isSignUpOpen: env.SIGN_UP === 'open',
  sessionDays: env.SESSION_DAYS,
  attemptsPerAccountMax: env.SIGN_IN_ATTEMPTS_PER_ACCOUNT,
  attemptsPerAddressMax: env.SIGN_IN_ATTEMPTS_PER_ADDRESS,
  lockSeconds: env.SIGN_IN_LOCK_SECONDS,
  trustedProxies: env.TRUSTED_PROXIES,
  oidc: oidcOf(env),
});

function oidcOf({ OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET }: Settings): OidcClient | null {
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET) return null;
  return { issuer: OIDC_ISSUER, clientId: OIDC_CLIENT_ID, clientSecret: OIDC_CLIENT_SECRET };
}

/** For the app's whole schema: settings that make sense only together. */
export function checkIdentitySettings(env: Settings, context: z.RefinementCtx): void {
  const oidc = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const;
  const missing = oidc.filter((name) => !env[name]);
  if (missing.length === 0 || missing.length === oidc.length) return;
  for (const name of missing)
    context.addIssue({ code: 'custom', path: [name], message: 'is needed with the other settings of OIDC' });
}
