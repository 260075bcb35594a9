import { describe, expect, it } from 'vitest';
import { methodOf } from './sign-in-method.ts';

describe('the method of a session', () => {
  it.each([
    ['/sign-in/email', 'password'],
    ['/callback/:id', 'oidc'],
    ['/two-factor/verify-totp', 'password+totp'],
    ['/two-factor/verify-backup-code', 'password+backup-code'],
    ['/somewhere/new', 'unknown'],
  ])('after %s is %s', (path, method) => expect(methodOf({}, { path })).toBe(method));

  it('outlives the session that takes its place', () => {
    const before = { context: { session: { session: { method: 'password+totp' } } } };
    expect(methodOf({}, { path: '/change-password', ...before })).toBe('password+totp');
    expect(methodOf({ method: 'oidc' }, { path: '/two-factor/verify-totp' })).toBe('oidc');
    expect(methodOf({}, null)).toBe('unknown');
  });
});
