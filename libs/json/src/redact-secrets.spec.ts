import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from './json-value.ts';
import { redactSecrets, redactSecretsIn } from './redact-secrets.ts';
import { SECRET, SECRET_HINT, SECRET_KINDS } from './secret-shapes.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const hex = '0123456789abcdef'.repeat(4);
const word = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3hJ6kL9n';
const pem = (name: string) => `-----BEGIN ${name}-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASC+/=\n-----END ${name}-----`;
const jwt = `eyJ${word}.eyJ${word}.${word}-_`;

const SECRETS: readonly (readonly [kind: string, secret: string])[] = [
  ['countersign-key', `csk_${word}`],
  ['countersign-key', `csk_${hex}`],
  ['api-key', `sk-${word}`],
  ['api-key', `sk-proj-${word}_-${word}`],
  ['api-key', `sk-ant-api03-${word}`],
  ['github', `ghp_${word.slice(0, 36)}`],
  ['github', `gho_${word.slice(0, 36)}`],
  ['github', `github_pat_${word.slice(0, 22)}_${word}`],
  ['gitlab', `glpat-${word.slice(0, 20)}`],
  ['aws', `AKIA${'IOSFODNN7EXAMPLE'}`],
  ['slack', `xoxb-${'123456789012'}-${word.slice(0, 24)}`],
  ['slack-webhook', `hooks.slack.com/services/T00000000/B00000000/${word.slice(0, 24)}`],
  ['google', `AIza${word.slice(0, 35)}`],
  ['stripe', `sk_live_${word.slice(0, 24)}`],
  ['stripe', `rk_test_${word.slice(0, 24)}`],
  ['twilio', `SK${hex.slice(0, 32)}`],
  ['sendgrid', `SG.${word.slice(0, 22)}.${word}`],
  ['npm', `npm_${word.slice(0, 36)}`],
  ['hugging-face', `hf_${word.slice(0, 34)}`],
  ['jwt', jwt],
  ['bearer', `Bearer ${jwt}`],
  ['bearer', `bearer ${word}`],
  ['basic', `Authorization: Basic ${'YWRhOmh1bnRlcjI='}`],
  ['private-key', pem('PRIVATE KEY')],
  ['private-key', pem('RSA PRIVATE KEY')],
  ['private-key', pem('PGP PRIVATE KEY BLOCK')],
  ['private-key', pem('EC PRIVATE KEY').replaceAll('\n', '\\n')],
  [
    'private-key',
    pem('RSA PRIVATE KEY').replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n'),
  ],
];

describe('I13: well-known secrets are redacted before they are recorded', () => {
  it.each(SECRETS)('%s alone and in a sentence: %s', (kind, secret) => {
    expect(redactSecrets(secret)).toBe(`[redacted:${kind}]`);
    expect(redactSecrets(`see "${secret}", says ada`)).toBe(`see "[redacted:${kind}]", says ada`);
  });

  it('has a sample of every kind', () =>
    expect(new Set([...SECRETS.map(([kind]) => kind), 'url-password'])).toEqual(new Set(SECRET_KINDS)));

  it.each([
    ['postgres://ada:hunter2@db.example/treasury', 'postgres://[redacted:url-password]@db.example/treasury'],
    ['redis://:p@ss:word@cache', 'redis://[redacted:url-password]@cache'],
    [
      'curl https://ada:x@a.example https://eve:y@b.example',
      'curl https://[redacted:url-password]@a.example https://[redacted:url-password]@b.example',
    ],
  ])('the password in %s, and nothing but user and password', (text, redacted) =>
    expect(redactSecrets(text)).toBe(redacted),
  );

  it('a private key that was cut short, to its end', () =>
    expect(redactSecrets('key: -----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B')).toBe(
      'key: [redacted:private-key]',
    ));

  it('several kinds in one text', () =>
    expect(redactSecrets(`csk_${word} and AKIA${'IOSFODNN7EXAMPLE'}`)).toBe(
      '[redacted:countersign-key] and [redacted:aws]',
    ));
});

describe('what only resembles a secret stays readable', () => {
  it.each([
    'task-force-sk-learn-pipeline-configuration',
    'sk-learn-and-other-machine-learning-kits',
    'the bearer of this letter, ada, authentication required',
    'Basic authentication is enough',
    'https://ada@example.com:8080/a?mail=grace@example.com',
    'http://[::1]:8080/treasury',
    'https://example.com/a:b@c',
    '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0B\n-----END PUBLIC KEY-----',
    'AKIA is a prefix, SKU 1234, xoxo, eyJ',
    '0198c5b2-7c1d-7a4e-9a57-4f0d7c1e0001',
    `dec_${hex.slice(0, 32)}`,
  ])('%s', (text) => expect(redactSecrets(text)).toBe(text));
});

describe('redactSecretsIn', () => {
  it('gives back the very value when it is clean', () => {
    const value: JsonValue = { args: { amount: 120, to: ['ada', null, { at: 'https://example.com' }] } };
    expect(redactSecretsIn(value)).toEqual({ value, paths: [] });
    expect(redactSecretsIn(value).value).toBe(value);
  });

  it('redacts strings at any depth and says where', () => {
    const value = { args: { env: ['ok', { token: jwt }], 'two words': `csk_${word}`, amount: 1 } };
    expect(redactSecretsIn(value)).toEqual({
      value: {
        args: { env: ['ok', { token: '[redacted:jwt]' }], 'two words': '[redacted:countersign-key]', amount: 1 },
      },
      paths: ['args.env[1].token', 'args["two words"]'],
    });
  });

  it('redacts keys too, keeps them apart, and lists no secret among the paths', () => {
    const [first, second] = [`csk_${word}`, `csk_${hex}`];
    const value = { [first]: 1, [second]: { a: jwt }, '[redacted:countersign-key]': 3 };
    expect(redactSecretsIn(value)).toEqual({
      value: {
        '[redacted:countersign-key] 2': 1,
        '[redacted:countersign-key] 3': { a: '[redacted:jwt]' },
        '[redacted:countersign-key]': 3,
      },
      paths: [
        '["[redacted:countersign-key] 2"]',
        '["[redacted:countersign-key] 3"]',
        '["[redacted:countersign-key] 3"].a',
      ],
    });
  });

  it('leaves a key named `__proto__` a key', () => {
    const { value } = redactSecretsIn(JSON.parse(`{"__proto__":{"token":"${jwt}"}}`) as JsonValue);
    expect(JSON.stringify(value)).toBe('{"__proto__":{"token":"[redacted:jwt]"}}');
  });
});

describe('redaction, whatever the text', () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.log(`redact-secrets properties: seed ${seed}`);
  const secret = fc.constantFrom(...SECRETS);
  const around = fc.string({ unit: fc.constantFrom(...' \n"\'{}:,.;/@?#&=()<>é😀'), maxLength: 12 });
  const pieces = fc.array(
    fc.oneof(around, fc.constantFrom('://', 'eyJ', 'sk-', 'Bearer ', '-----BEGIN ', ' to ada ')),
    { maxLength: 5 },
  );

  it('no sample survives between any neighbours, and redacting again changes nothing', () => {
    fc.assert(
      fc.property(around, secret, around, pieces, (before, [, hidden], after, rest) => {
        const redacted = redactSecrets(`${before} ${hidden} ${after}${rest.join('')}`);
        expect(redacted).not.toContain(hidden);
        expect(redactSecrets(redacted)).toBe(redacted);
      }),
      { seed, numRuns: 2_000 },
    );
  });

  it('the hint never hides a match from the closer look', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            pieces.map((all) => all.join('')),
            secret.map(([, hidden]) => hidden),
          ),
        ),
        (parts) => {
          const text = parts.join('');
          if (text.replace(SECRET, '') !== text) expect(SECRET_HINT.test(text)).toBe(true);
        },
      ),
      { seed, numRuns: 2_000 },
    );
  });
});

describe('hostile texts cost linear time', () => {
  it.each([
    ...[
      'eyJ',
      'eyJaaaaaaaa.',
      'sk-',
      'Bearer ',
      'Bearer\t',
      '-----BEGIN ',
      '-----BEGIN PRIVATE KEY-----',
      '-----BEGIN A ',
    ],
    ...[
      '://',
      '://a:',
      '://a:b',
      'csk_',
      'SG.',
      'SG.aaaaaaaaaaaaaaaa.',
      'AKIA',
      'Basic ',
      'Authorization: Basic a',
      'hooks.slack.com/services/',
    ],
    ...['xoxb-', 'a', '-', ' ', 'AIza', 'ghp_', ':', '@'],
  ])('a megabyte of `%s`', (piece) => {
    const start = performance.now();
    redactSecrets(piece.repeat(Math.ceil(1_000_000 / piece.length)));
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('ten thousand keys that are redacted alike', () => {
    const value = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`a://:${index}@`, index]));
    const start = performance.now();
    redactSecretsIn(value);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
