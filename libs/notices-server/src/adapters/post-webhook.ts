import { lookup as resolve } from 'node:dns/promises';
import { request as requestPlain, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** A name leads to, or a URL names, what is not on the internet. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly code = 'address_refused';

  constructor() {
    super('the address is private, loopback or reserved');
  }
}

export interface WebhookPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PostLimits {
  /** Also to this machine and its networks; for who runs receivers there. */
  readonly isPrivateAllowed: boolean;
  /** For everything: name, connection, answer. */
  readonly timeoutMs: number;
}

/** As much of an answer as is read, for politeness: nothing of it is kept. */
const ANSWER_BYTES_MAX = 64 * 1_024;

/**
 * Posts once, and answers the status. Redirects are answers like others: following one would lead where nobody looked.
 * The addresses that were looked at are those that are connected to, so a name that changes in between changes nothing.
 *
 * @throws {AddressRefused} before a connection is made; the platform's errors where none came about.
 */
export async function postWebhook(post: WebhookPost, { isPrivateAllowed, timeoutMs }: PostLimits): Promise<number> {
  const url = new URL(post.url);
  // A literal address is connected to without a lookup. The URL's reader made every spelling of one the usual one.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPrivateAllowed && !isPublicAddress(host)) throw new AddressRefused();

  const { headers, body } = post;
  return answeredStatus(url, body, {
    method: 'POST',
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    lookup: isPrivateAllowed ? undefined : publicLookup,
    // No connection outlives its post, so that none is used that was checked for another name.
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
  });
}

/** @param resolveName for tests: names of the internet that lead where they want */
export const lookupAmong =
  (
    resolveName: (name: string) => Promise<readonly { readonly address: string; readonly family: number }[]>,
  ): LookupFunction =>
  (name, options, done) => {
    resolveName(name).then(
      (found) => {
        const [first] = found;
        // One private address among public ones is enough: which one is connected to is not ours to say.
        if (!first || !found.every(({ address }) => isPublicAddress(address))) done(new AddressRefused(), []);
        else if (options.all) done(null, [...found]);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, []),
    );
  };

const publicLookup = lookupAmong((name) => resolve(name, { all: true }));

function answeredStatus(url: URL, body: string, options: RequestOptions): Promise<number> {
  const request = url.protocol === 'https:' ? requestSecure : requestPlain;
  return new Promise((answered, failed) => {
    const sent = request(url, options, (answer) => {
      answered(answer.statusCode ?? 0);
      readToEnd(answer);
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

function readToEnd(answer: IncomingMessage): void {
  let bytes = 0;
  answer.on('error', () => undefined);
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) answer.destroy();
  });
}
