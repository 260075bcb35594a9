import { describe, expect, it } from 'vitest';
import { withOwnerIds } from './owner.ts';

const members = [{ id: 'mem_1', email: 'ada@example.com' }];
const asked: string[] = [];
const session = {
  get: async <Answer>(path: string) => {
    asked.push(path);
    return { members } as Answer;
  },
};
const owned = (owner?: string) => ({ name: 'mailer', profile: { purpose: 'mail', ...(owner && { owner }) } });

describe('the owner of an agent, as an operator writes it', () => {
  it('is the id of the member with that address', async () => {
    expect(await withOwnerIds(session, [owned('Ada@example.com'), owned()])).toEqual([owned('mem_1'), owned()]);
  });

  it('stays what it is where it is no address, and nobody is asked', async () => {
    asked.length = 0;
    expect(await withOwnerIds(session, [owned('mem_2'), owned('ada'), owned()])).toEqual([
      owned('mem_2'),
      owned('ada'),
      owned(),
    ]);
    expect(asked).toEqual([]);
  });

  it('is refused where no member has the address', async () => {
    await expect(withOwnerIds(session, [owned('grace@example.com')])).rejects.toThrow('grace@example.com');
  });
});
