import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkIdentitySettings, identityConfigOf, identitySettings } from './identity.config.ts';

const schema = z.object(identitySettings).superRefine(checkIdentitySettings);
const read = (env: Readonly<Record<string, string>>) => {
  const result = schema.safeParse(env);
  return result.success ? identityConfigOf(result.data) : result.error.issues.map(({ path }) => path.join('.'));
};

describe('the settings of signing in', () => {
  it('need nothing set on one machine', () => {
    expect(read({})).toMatchObject({
      publicUrl: 'http://localhost:4000',
      consoleUrl: 'http://localhost:3000',
      secret: undefined,
      isSignUpOpen: false,
      trustedProxies: [],
      oidc: null,
    });
  });

  it('take the origin of a URL, whatever path stands behind it', () => {
    expect(read({ PUBLIC_URL: 'https://Countersign.example/api/' })).toMatchObject({
      publicUrl: 'https://countersign.example',
    });
  });

  it.each([
    ['PUBLIC_URL', 'http://countersign.example'],
    ['PUBLIC_URL', 'http://localhost.example'],
    ['CONSOLE_URL', 'http://10.0.0.7:3000'],
    ['CONSOLE_URL', 'javascript:alert(1)'],
    ['AUTH_SECRET', 'short'],
    ['SMTP_URL', 'https://mail.example'],
    ['SIGN_UP', 'maybe'],
    ['SESSION_DAYS', '0'],
  ])('%s cannot be `%s`', (name, value) => expect(read({ [name]: value })).toEqual([name]));

  it('of OIDC come together', () => {
    const whole = { OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'countersign', OIDC_CLIENT_SECRET: 'secret' };
    expect(read(whole)).toMatchObject({ oidc: { issuer: 'https://id.example' } });
    expect(read({ OIDC_ISSUER: whole.OIDC_ISSUER })).toEqual(['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']);
  });

  it('name proxies one by one', () =>
    expect(read({ TRUSTED_PROXIES: '10.0.0.1, 10.1.0.0/16,' })).toMatchObject({
      trustedProxies: ['10.0.0.1', '10.1.0.0/16'],
    }));
});
