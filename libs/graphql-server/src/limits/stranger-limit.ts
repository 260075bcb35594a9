import { isIPv6 } from 'node:net';
import { refuse } from '@countersign/http';

/** Enough for an office behind one address that signs in and reads the schema; too few to keep a processor busy. */
const REQUESTS_MAX = 300;
const WINDOW_MILLISECONDS = 60_000;

/** Networks remembered at once. Beyond that the one that was first heard of is forgotten. */
const NETWORKS_MAX = 10_000;

interface Count {
  requests: number;
  readonly until: number;
}

/**
 * Bounds what nobody in particular asks, by network. Each process counts by itself and in memory, because being refused
 * has to cost less than being answered; what is worth guessing is counted over all replicas where one signs in.
 */
export class StrangerLimit {
  readonly #counts = new Map<string, Count>();

  constructor(private readonly processNow: () => number) {}

  /** @throws {ProblemAnswer} 429. */
  admit(address: string): void {
    const now = this.processNow();
    const count = this.#countOf(networkOf(address), now);
    count.requests += 1;
    if (count.requests <= REQUESTS_MAX) return;
    const seconds = Math.ceil((count.until - now) / 1_000);
    throw refuse(
      429,
      'graphql.too_many_requests',
      'Too many requests',
      `sign in, or try again in ${seconds} s: nobody in particular asked too often from this address`,
    );
  }

  #countOf(network: string, now: number): Count {
    const known = this.#counts.get(network);
    if (known && known.until > now) return known;
    this.#counts.delete(network);
    const [first] = this.#counts.keys();
    if (first !== undefined && this.#counts.size >= NETWORKS_MAX) this.#counts.delete(first);
    const count = { requests: 0, until: now + WINDOW_MILLISECONDS };
    this.#counts.set(network, count);
    return count;
  }
}

/** One household has a /64 of IPv6 and may use each of its addresses once. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address.replace(/^::ffff:/, '');
  const [head = '', tail] = address.split('::').map((part) => part.split(':').filter(Boolean)) as [string[], string[]?];
  const missing = tail === undefined ? 0 : 8 - head.length - tail.length;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...(tail ?? [])];
  return groups.slice(0, 4).join(':');
}
