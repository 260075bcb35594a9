import { createHash, randomBytes } from 'node:crypto';

/** `csp_` and 32 random bytes: nobody guesses it, and scanners for leaked secrets know it by its prefix. */
export const newPersonalToken = () => `csp_${randomBytes(32).toString('base64url')}`;

export const isPersonalToken = (text: string) => /^csp_[A-Za-z0-9_-]{43}$/.test(text);

/** Four characters of 43: people tell their tokens apart, and 234 random bits stay unknown. */
export const prefixOf = (token: string) => token.slice(0, 8);

/** 256 random bits cannot be guessed backwards, so one round of SHA-256 is enough and costs a request nothing. */
export const hashOfPersonalToken = (token: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(createHash('sha256').update(token).digest());
