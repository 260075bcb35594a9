import type { SignedIn } from '@countersign/identity/people';
import type { FastifyRequest } from 'fastify';
import type { Callers } from './caller.ts';

/**
 * Asks once per request who it is from. `admit` throws what the request is refused with, before the driver sees it;
 * `of` never does, because the driver makes a context for its errors as well, and would answer an error in that with
 * one of its own. Who was refused is nobody.
 */
export class KnownCallers {
  readonly #known = new WeakMap<FastifyRequest, Promise<SignedIn | null>>();

  constructor(private readonly callers: Callers) {}

  admit(request: FastifyRequest): Promise<SignedIn | null> {
    return this.#ask(request);
  }

  of(request: FastifyRequest): Promise<SignedIn | null> {
    return this.#ask(request).catch(() => null);
  }

  #ask(request: FastifyRequest): Promise<SignedIn | null> {
    const known = this.#known.get(request) ?? this.callers.of(request);
    this.#known.set(request, known);
    return known;
  }
}
