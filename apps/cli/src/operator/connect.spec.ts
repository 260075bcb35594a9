import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectClient } from './connect.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'countersign-'));
  vi.stubEnv('COUNTERSIGN_DATA_DIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const keep = () =>
  writeFile(
    path.join(folder, 'operator.json'),
    JSON.stringify({ apiUrl: 'http://127.0.0.1:4000', operatorToken: 'cso_kept' }),
  );

describe('whom a command speaks to', () => {
  it('is what `start` wrote, unless told otherwise', async () => {
    await keep();
    expect((await connectClient({})).url).toBe('http://127.0.0.1:4000');
    expect((await connectClient({ url: 'https://other.example/', token: 'cso_x' })).url).toBe('https://other.example');
  });

  it('I13: a token kept for one api is never sent to another', async () => {
    await keep();
    await expect(connectClient({ url: 'http://127.0.0.1:4001' })).rejects.toMatchObject({
      exitCode: 2,
      message: 'there is no token for http://127.0.0.1:4001: give --token or COUNTERSIGN_TOKEN',
    });
  });

  it('comes from the environment where there are no files', async () => {
    vi.stubEnv('COUNTERSIGN_URL', 'http://10.0.0.1:4000');
    vi.stubEnv('COUNTERSIGN_TOKEN', 'cso_env');
    expect((await connectClient({})).url).toBe('http://10.0.0.1:4000');
  });

  it.each([{}, { token: 'cso_x' }, { url: 'ftp://x', token: 'cso_x' }, { url: 'nonsense', token: 'cso_x' }])(
    '%j is wrong usage, in one line that says what to give',
    async (flags) => {
      await expect(connectClient(flags)).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(/--url/),
      });
    },
  );
});
