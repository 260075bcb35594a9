import { readConfig } from '@countersign/config';
import { CommandFailed } from '../command-failed.ts';
import { ConnectionConfig, environment } from '../config.ts';
import { Credentials, credentialsFile, OperatorCredentials, operatorFile, readPrivate } from '../credentials.ts';
import { exitCode } from '../exit-code.ts';
import { OperatorClient } from './operator-client.ts';

/** What every command that speaks to a server takes. */
export interface ConnectionFlags {
  readonly url?: string;
  readonly token?: string;
  readonly organization?: string;
  readonly json?: true;
}

/** A server to speak to, and the organization it is about. */
export interface Session {
  readonly client: OperatorClient;
  readonly organization: string;
  /** `/operator/organizations/<organization>` with what follows. */
  at(path: string): string;
  /** Carries out one command in the organization. */
  command<Answer>(body: { readonly type: string; readonly [field: string]: unknown }): Promise<Answer>;
  get<Answer>(path: string): Promise<Answer>;
}

/**
 * Finds out whom to speak to: flags first, then the environment, then what `countersign start` or `init` wrote.
 *
 * @throws CommandFailed saying which of them is missing and how to give it.
 */
export async function connectClient(flags: ConnectionFlags): Promise<OperatorClient> {
  const config = readConfig('connection', ConnectionConfig, environment);
  const file = operatorFile(config.dataDirectory);
  const kept = await readPrivate(file, OperatorCredentials);
  const url = flags.url ?? config.url ?? kept?.apiUrl;
  const token = flags.token ?? config.token ?? tokenKeptFor(url, kept);
  if (url !== undefined && token !== undefined) return new OperatorClient(checkedUrl(url), token);
  throw new CommandFailed(missingWords(file, url), exitCode.usage);
}

/** A token kept for one api is never sent to another, whoever talked the user into naming it (I13). */
const tokenKeptFor = (url: string | undefined, kept: OperatorCredentials | null) =>
  kept?.apiUrl === url ? kept?.operatorToken : undefined;

function missingWords(file: string, url: string | undefined): string {
  if (url !== undefined) return `there is no token for ${url}: give --token or COUNTERSIGN_TOKEN`;
  return `there is no ${file}: start the system here (\`npm start\`), or give --url and --token (or COUNTERSIGN_URL and COUNTERSIGN_TOKEN)`;
}

/** As `connectClient`, for commands about one organization. */
export async function connect(flags: ConnectionFlags): Promise<Session> {
  const client = await connectClient(flags);
  return sessionOf(client, flags.organization ?? (await knownOrganization(client)));
}

export function sessionOf(client: OperatorClient, organization: string): Session {
  const at = (path: string) => `/operator/organizations/${encodeURIComponent(organization)}${path}`;
  return {
    client,
    organization,
    at,
    command: <Answer>(body: object) => client.post(at('/commands'), body) as Promise<Answer>,
    get: <Answer>(path: string) => client.get(at(path)) as Promise<Answer>,
  };
}

/** The environment's, else the demo's while speaking to the system that made it, else the only one there is. */
async function knownOrganization(client: OperatorClient): Promise<string> {
  const config = readConfig('connection', ConnectionConfig, environment);
  if (config.organization !== undefined) return config.organization;
  const kept = await readPrivate(credentialsFile(config.dataDirectory), Credentials);
  if (kept?.apiUrl === client.url) return kept.organization;

  const { organizations } = (await client.get('/operator/organizations')) as { organizations: { name: string }[] };
  const [only] = organizations;
  if (only && organizations.length === 1) return only.name;
  throw new CommandFailed(
    only
      ? `say which organization: --organization ${organizations.map(({ name }) => name).join(' | ')}`
      : 'there is no organization yet: `countersign organization add NAME` makes one',
    exitCode.usage,
  );
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol)) return url.origin + url.pathname.replace(/\/$/, '');
  throw new CommandFailed(`--url \`${text}\` is no URL: give one such as http://127.0.0.1:4000`, exitCode.usage);
}
