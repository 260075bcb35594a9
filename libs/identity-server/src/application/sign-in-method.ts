/** What the library says of the session it is about to make. */
interface Making {
  readonly [field: string]: unknown;
}
interface Where {
  readonly path?: string | undefined;
  readonly context?: { readonly session?: { readonly session: { readonly [field: string]: unknown } } | null };
}

const METHODS: readonly (readonly [string, string])[] = [
  ['/sign-in/email', 'password'],
  ['/callback/', 'oidc'],
  ['/two-factor/verify-totp', 'password+totp'],
  ['/two-factor/verify-backup-code', 'password+backup-code'],
];

/**
 * How the person of a new session proved who they are. A session that takes the place of another (after a change of
 * password or of the second factor) was proved as that one was.
 */
export function methodOf(session: Making, where: Where | null): string {
  const before = [session['method'], where?.context?.session?.session['method']].find(isMethod);
  return before ?? METHODS.find(([start]) => where?.path?.startsWith(start))?.[1] ?? 'unknown';
}

const isMethod = (value: unknown): value is string => typeof value === 'string' && value !== '';
