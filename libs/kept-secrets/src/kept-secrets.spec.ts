import { describe, expect, it } from 'vitest';
import { keepSecrets, SecretUnreadable } from './kept-secrets.ts';

const first = 'the first key, of more than 32 characters';
const second = 'the second key, of more than 32 characters';
const secret = 'whsec_c2VjcmV0IG9mIHRoZSB0cmVhc3VyeQ==';

const withOtherByte = (sealed: string) => {
  const [version, id, body = ''] = sealed.split('.');
  const bytes = Buffer.from(body, 'base64url');
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  return [version, id, bytes.toString('base64url')].join('.');
};

describe('a secret that is kept', () => {
  const kept = keepSecrets([first]);
  const sealed = kept.seal(secret, 'endpoint 1');

  it('is read again for what it was kept for', () => expect(kept.open(sealed, 'endpoint 1')).toBe(secret));

  it('I13: is not in what is stored, and is sealed another way each time', () => {
    expect(sealed).not.toContain(secret);
    expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').toString()).not.toContain('whsec_');
    expect(kept.seal(secret, 'endpoint 1')).not.toBe(sealed);
  });

  it.each([
    ['for anything else', () => kept.open(sealed, 'endpoint 2')],
    ['under another key', () => keepSecrets([second]).open(sealed, 'endpoint 1')],
    ['with a byte changed', () => kept.open(withOtherByte(sealed), 'endpoint 1')],
    ['cut short', () => kept.open(sealed.slice(0, 20), 'endpoint 1')],
    ['when it is none', () => kept.open('', 'endpoint 1')],
    ['in a form of later', () => kept.open(sealed.replace('v1', 'v2'), 'endpoint 1')],
  ])('does not open %s', (_why, open) => expect(open).toThrow(SecretUnreadable));

  it('outlives a change of the key, while the old one stands behind the new', () => {
    const changed = keepSecrets([second, first]);
    expect(changed.open(sealed, 'endpoint 1')).toBe(secret);
    expect(() => kept.open(changed.seal(secret, 'endpoint 1'), 'endpoint 1')).toThrow(SecretUnreadable);
  });
});
