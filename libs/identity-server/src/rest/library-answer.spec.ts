import { BASE_ERROR_CODES } from '@better-auth/core/error';
import { TWO_FACTOR_ERROR_CODES } from 'better-auth/plugins';
import { describe, expect, it } from 'vitest';
import { problemOfRefusal, withoutSessionToken } from './library-answer.ts';

describe('what the library refuses', () => {
  it('says the same of an address that is wrong and one that is unknown', () => {
    const told = [BASE_ERROR_CODES.INVALID_EMAIL_OR_PASSWORD, BASE_ERROR_CODES.INVALID_EMAIL].map(
      (refusal) => problemOfRefusal(refusal).problem.code,
    );
    expect(new Set(told)).toEqual(new Set(['sign_in.wrong_credentials']));
  });

  it('keeps a code of ours for whatever the library may come to say', () => {
    expect(problemOfRefusal({ code: 'A_NEW_ONE', message: 'no' }).problem).toMatchObject({
      status: 400,
      code: 'sign_in.refused',
      detail: 'no',
    });
    expect(problemOfRefusal({}).problem.code).toBe('sign_in.refused');
  });

  it('knows the codes that we branch on by the names that the library has for them', () => {
    for (const { code } of [...Object.values(BASE_ERROR_CODES), ...Object.values(TWO_FACTOR_ERROR_CODES)])
      expect(code).toMatch(/^[A-Z_]+$/);
    expect(problemOfRefusal(TWO_FACTOR_ERROR_CODES.ACCOUNT_TEMPORARILY_LOCKED).problem).toMatchObject({
      status: 429,
      retryAfterSeconds: 900,
    });
  });
});

describe('I13: what the library answers', () => {
  it('loses the token of the session, wherever it stands', () => {
    const answer = { token: 'secret', user: { id: '1' }, session: { id: '2', token: 'secret' } };
    expect(withoutSessionToken(answer)).toEqual({ user: { id: '1' }, session: { id: '2' } });
  });

  it.each([[null], ['text'], [{ status: true }]])('is otherwise left alone: %j', (answer) =>
    expect(withoutSessionToken(answer)).toEqual(answer),
  );
});
