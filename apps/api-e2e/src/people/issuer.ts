import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';
import { PUBLIC_URL } from './browser.ts';

export interface Issuer {
  readonly url: string;
  /** What the api is to be set to. */
  readonly env: Readonly<Record<string, string>>;
  /** What the issuer says of whoever signs in by this name, from now on. */
  says(name: string, claims: Readonly<Record<string, unknown>>): void;
  close(): Promise<void>;
}

const CLIENT = { id: 'countersign', secret: 'a secret that the issuer and the api share' };

/** A real OIDC issuer, whose people sign in with any password. */
export async function openIssuer(): Promise<Issuer> {
  const known = new Map<string, Readonly<Record<string, unknown>>>();
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, configurationOf(known));
  const answer = provider.callback();
  server.on('request', (request, response) => void answer(request, response));
  return {
    url,
    env: { OIDC_ISSUER: url, OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret },
    says: (name, claims) => void known.set(name, claims),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const configurationOf = (known: ReadonlyMap<string, Readonly<Record<string, unknown>>>): Configuration => ({
  clients: [
    {
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      redirect_uris: [`${PUBLIC_URL}/api/auth/callback/oidc`],
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
  pkce: { required: () => true },
  findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, ...known.get(id) }) }),
  cookies: { keys: ['a key of the test'] },
});
