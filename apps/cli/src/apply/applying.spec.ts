import { describe, expect, it } from 'vitest';
import { CommandFailed } from '../command-failed.ts';
import { Applying } from './applying.ts';
import type { Step } from './plan.ts';

const publish: Step = {
  mark: '+',
  words: 'policy guard version 1',
  command: { type: 'PublishPolicy', document: '…' },
  publishes: 'guard',
};
const attach = (name: string): Step => ({
  mark: '+',
  words: `policy ${name} attached to team treasury`,
  command: { type: 'AttachPolicy', name, layer: 'team', point: 'treasury' },
});

/** A server that answers each type of command so. */
function serverOf(answers: Readonly<Record<string, object>>) {
  const sent: string[] = [];
  const command = <Answer>({ type, ...body }: { readonly type: string; readonly [field: string]: unknown }) => {
    sent.push(`${type} ${String(body['name'] ?? '')}`.trim());
    const answer = answers[type];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ warnings: [], ...answer } as Answer);
  };
  return { sent, command };
}

async function apply(answers: Readonly<Record<string, object>>, steps: readonly Step[]) {
  const server = serverOf(answers);
  const applying = new Applying(server, steps);
  while (await applying.next());
  return { sent: server.sent, waiting: applying.waiting, done: applying.done };
}

const waiting = { publicationId: 'pub_1', confirmers: ['Grace'] };

describe('applying a plan', () => {
  it('takes every step in order', async () =>
    expect(await apply({}, [publish, attach('guard')])).toEqual({
      sent: ['PublishPolicy', 'AttachPolicy guard'],
      waiting: [],
      done: 2,
    }));

  it('attaches no policy whose text waits for a second person, and says for whom it waits', async () => {
    const { sent, waiting: told } = await apply({ PublishPolicy: { waiting } }, [
      publish,
      attach('guard'),
      attach('other'),
    ]);
    expect(sent).toEqual(['PublishPolicy', 'AttachPolicy other']);
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/^policy guard version 1: .*pub_1 \(one of: Grace\)$/);
  });

  it('attaches what was in force before, though that waits too', async () => {
    const { waiting: told } = await apply({ AttachPolicy: { waiting } }, [attach('guard'), attach('other')]);
    expect(told).toHaveLength(2);
  });

  it('stops at what is refused and says where', async () => {
    const refused = new CommandFailed('there is no team', 1);
    await expect(apply({ AttachPolicy: refused }, [publish, attach('guard')])).rejects.toThrow(
      /policy guard attached to team treasury: there is no team\n1 of 2 were applied/,
    );
  });
});
