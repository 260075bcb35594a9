import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { assertOwnOrigin, trustedOrigins } from './origin-check.ts';

const trusted = trustedOrigins({ publicUrl: 'https://api.example.com', consoleUrl: 'https://example.com' });
const isLetIn = (headers: Readonly<Record<string, string>>, method = 'POST') => {
  try {
    assertOwnOrigin({ method, headers } as unknown as FastifyRequest, trusted);
    return true;
  } catch {
    return false;
  }
};
const cookie = 'countersign.session_token=x';

describe('a request that changes something', () => {
  it.each([
    [{ origin: 'https://example.com', cookie }, true],
    [{ origin: 'https://api.example.com', cookie }, true],
    [{ origin: 'https://example.com.evil.example', cookie }, false],
    [{ origin: 'https://evil.example', cookie }, false],
    [{ origin: 'http://example.com', cookie }, false],
    [{ origin: 'https://example.com:8443', cookie }, false],
    [{ origin: 'null', cookie }, false],
    [{ origin: '', cookie }, false],
    [{ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin', cookie }, false],
    [{ 'sec-fetch-site': 'same-origin', cookie }, true],
    [{ 'sec-fetch-site': 'none', cookie }, true],
    [{ 'sec-fetch-site': 'same-site', cookie }, false],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ cookie }, false],
    [{}, true],
  ])('%j: let in is %s', (headers, isOwn) => expect(isLetIn(headers)).toBe(isOwn));

  it('is not one that only reads', () => {
    for (const method of ['GET', 'HEAD'])
      expect(isLetIn({ origin: 'https://evil.example', cookie }, method)).toBe(true);
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      expect(isLetIn({ origin: 'https://evil.example', cookie }, method)).toBe(false);
  });
});

it('on one machine, every name of it is one origin, and every port another', () => {
  const origins = trustedOrigins({ publicUrl: 'http://localhost:4000', consoleUrl: 'http://127.0.0.1:3000' });
  expect([...origins].sort()).toEqual(
    ['http://127.0.0.1', 'http://[::1]', 'http://localhost'].flatMap((host) => [`${host}:3000`, `${host}:4000`]).sort(),
  );
});
