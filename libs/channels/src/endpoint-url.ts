const LENGTH_MAX = 2_048;

const WEB: readonly string[] = ['https:', 'http:'];
const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Why a text cannot be an endpoint's URL; null for one that can. Where its name leads is judged at each connection,
 * because names can be made to lead elsewhere later.
 */
export function endpointUrlProblem(text: string): string | null {
  if (text.length > LENGTH_MAX) return `must have at most ${LENGTH_MAX} characters`;
  const url = readUrl(text);
  if (!url || !WEB.includes(url.protocol)) return 'must be a URL that begins with https://';
  if (isReadable(url)) return 'must begin with https:// off this machine';
  // The URL stays in the ledger for ever, where secrets do not belong.
  if (url.username + url.password !== '') return 'must not carry a user or a password: verify the signature';
  return url.hash === '' ? null : 'must not have a fragment: it would not be sent';
}

/** Whether a URL without a problem leads to the machine that sends to it: nowhere, unless an operator allows it. */
export const isOfThisMachine = (text: string): boolean => LOOPBACK_HOSTS.includes(new URL(text).hostname);

/** In clear text over a network. */
const isReadable = ({ protocol, hostname }: URL) => protocol === 'http:' && !LOOPBACK_HOSTS.includes(hostname);

/** As it is compared and kept. The text has no problem. */
export const normalizedUrl = (text: string): string => readUrl(text)?.href ?? text;

/** Control characters and spaces are dropped silently by readers of URLs, so that two texts would be one. */
function readUrl(text: string): URL | null {
  return /^[\u0021-\u007e]+$/.test(text) && URL.canParse(text) ? new URL(text) : null;
}
