/** What the global setup hands to every spec file. */
export interface TestServer {
  /** The role that owns the template and may create databases. */
  readonly adminUrl: string;
  readonly appPassword: string;
  /** Null on a server that was given: nobody said who its superuser is. */
  readonly superuserUrl: string | null;
  /** A migrated database to clone. */
  readonly template: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer;
  }
}

/** The same server and role, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

export function withRole(url: string, role: string, password: string): string {
  const changed = new URL(url);
  changed.username = role;
  changed.password = password;
  return changed.href;
}
