import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { allowed, approval, asked, blocked, startFakeApi, type Reply } from './fake-api.mother.ts';

const api = await startFakeApi();
afterAll(api.close);
beforeEach(api.reset);

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const words = (text: string) => text.replace(/\s+/g, ' ');

describe('what the documentation shows', () => {
  it('every @example is in the example that compiles', () => {
    const examples = [...read('src/countersign.ts').matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) =>
      code.replace(/^ *\* ?/gm, ''),
    );
    expect(examples).toHaveLength(2);
    for (const example of examples) expect(words(read('examples/refund.ts'))).toContain(words(example.trim()));
  });

  it('waiting for people in the README is in the example that compiles', () => {
    const [, , waiting = ''] = read('README.md').split('```ts\n');
    const [wait, call = ''] = (waiting.split('```')[0] ?? '').split('await client.guard');
    expect(words(read('examples/refund.ts'))).toContain(words(wait?.trim() ?? ''));
    expect(words(read('examples/refund.ts'))).toContain(words(`return await client.guard${call}`.trim()));
  });

  it('the Python of the README is the example that runs', () =>
    expect(read('README.md')).toContain(read('examples/agent.py')));
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.log('not run: python3 not found');

const runAgent = () =>
  promisify(execFile)('python3', [new URL('../examples/agent.py', import.meta.url).pathname, api.url, 'csk_ada'], {
    timeout: 10_000,
  }).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }: { stdout: string; stderr: string }) =>
      `${stdout}failed: ${stderr.trim().split('\n').at(-1) ?? ''}`,
  );

describe.skipIf(!hasPython)('the Python example', () => {
  const answers = (replies: Readonly<Record<string, () => unknown>>) =>
    api.on(({ path }): Reply => {
      const [, answer] = Object.entries(replies).find(([end]) => path.endsWith(end)) ?? [];
      return answer ? { body: answer() } : { status: 404, body: {} };
    });

  it('asks, waits, takes, acts and reports', async () => {
    const { id } = allowed();
    answers({
      '/v1/decisions': () => ({ ...asked(), id }),
      '?wait=30': () => ({ ...asked('approved', 'take'), id }),
      '/take': () => ({ ...asked('taken', 'act'), id }),
      '/outcome': () => ({ settled: { usd: '0.4' } }),
    });
    expect(await runAgent()).toBe("refunding 120\nsettled {'usd': '0.4'}\n");
    expect(api.received.map(({ path }) => path.replace(id, ':id'))).toEqual([
      ...['/v1/decisions', '/v1/decisions/:id?wait=30', '/v1/decisions/:id/take', '/v1/decisions/:id/outcome'],
    ]);
    const [first, , take] = api.received.map(({ text }) => JSON.parse(text || '{}') as { action?: object });
    expect(take?.action).toEqual(first);
  });

  it('acts as people changed it', async () => {
    const edited = { action: { intent: 'refund.issue', args: { amount: 40 } } };
    answers({
      '/v1/decisions': () => asked(),
      '?wait=30': () => ({ ...asked('approved', 'take'), approval: approval({ edited: true }), ...edited }),
      '/take': () => asked('taken', 'act'),
      '/outcome': () => ({ settled: {} }),
    });
    expect(await runAgent()).toBe('refunding 40\nsettled {}\n');
    expect(api.received[2]?.body.action).toMatchObject({ target: 'order-1009', args: { amount: 40 } });
  });

  it.each([
    ['a block', blocked(), 'failed: not allowed: small refund'],
    ['a step it does not know', allowed({ next: 'sleep' }), 'failed: not allowed: small refund'],
    ['a refusal', undefined, 'failed: urllib.error.HTTPError: HTTP Error 404: Not Found'],
  ])('does nothing after %s', async (_, decision, output) => {
    answers(decision ? { '/v1/decisions': () => decision } : {});
    expect(await runAgent()).toBe(output);
  });
});
