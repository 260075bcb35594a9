import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSystem, type System } from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectStateAgrees } from '../support/evidence.ts';
import { recordedLedger } from '../support/recorded-ledger.ts';
import { organizationIdOf, small, Terminal } from './replay.fixture.ts';

let system: System;
let terminal: Terminal;
let folder: string;
beforeAll(async () => {
  system = await startSystem();
  terminal = new Terminal(system);
  folder = await mkdtemp(path.join(tmpdir(), 'countersign-replay-'));
});
afterAll(async () => {
  await system.stop();
  await rm(folder, { recursive: true, force: true });
});

const written = async (name: string, text: string): Promise<string> => {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
};

const policyOf = (name: string, rules: string) => `apiVersion: countersign/v1\nname: ${name}\nexplain: full\n${rules}`;

const payment = (run: string, step: number, args: object = {}) =>
  JSON.stringify({ run, step, kind: 'tool', intent: 'payment.send', args: { step, ...args } });

const recordingOf = (runs: number, steps: number) =>
  Array.from({ length: runs }, (_, run) =>
    Array.from({ length: steps }, (__, step) => payment(`run-${run}`, step)).join('\n'),
  ).join('\n');

const Members = z.object({ members: z.array(z.unknown()) });
const Invitations = z.object({ invitations: z.array(z.unknown()) });

async function peopleOf(organization: string) {
  const base = `/operator/organizations/${organization}`;
  const { members } = Members.parse(await system.operator.get(`${base}/members`));
  const { invitations } = Invitations.parse(await system.operator.get(`${base}/invitations`));
  return { members: members.length, invitations: invitations.length };
}

const everybodyLeft = { members: 0, invitations: 0 };

/** The types of what was recorded, and how often. */
async function countsOf(organization: string) {
  const rows = await recordedLedger(system, await organizationIdOf(system, organization));
  const counts = new Map<string, number>();
  for (const { type } of rows) counts.set(type, (counts.get(type) ?? 0) + 1);
  return Object.fromEntries(counts);
}

const severalTeams = policyOf(
  'several-teams',
  `allow: [get_user_details, transfer_to_human_agents, "llm.chat:*", book_reservation, send_certificate]
ask:
  - { match: cancel_reservation, approval: { team: refunds, quorum: 2, requireReason: approver } }
  - { match: update_reservation_flights, approval: { team: rebooking } }
  - { match: delete_user }
budgets:
  - { name: thinking, scope: run, match: "llm.chat", window: total, cap: "0.001", onExceed: ask, raiseMax: "0.001", approval: { team: finance } }
prices:
  - { provider: openai, model: gpt-4o, inputPerMTok: "0.625", outputPerMTok: "2.50" }
`,
);

describe('people of a replay', () => {
  it('answer for every team that a policy asks, as many as it asks, with a reason, and raise what only an admin may', async () => {
    const policy = await written('several-teams.yaml', severalTeams);
    const report = await terminal.replay(small, '--asks', 'approve', '--policy', policy);
    // 3 actions of tools, and every one of the 6 model calls: the smallest costs more than the cap.
    expect(report).toMatchObject({ ask: 9, block: 0, asks: { approved: 9, taken: 9, waiting: 0, refusedAnswers: [] } });
    expect(report.ledger.ok).toBe(true);
    const counts = await countsOf(report.organization);
    expect(counts).toMatchObject({
      MemberJoined: 2,
      MemberRemoved: 2,
      NoticesChosen: 2,
      ApprovalVoted: 10,
      BudgetExtended: 6,
    });
    expect(await peopleOf(report.organization)).toEqual(everybodyLeft);
    await expectStateAgrees(system, await organizationIdOf(system, report.organization));
  });

  it('I2: cannot make a take pass a cap: what no longer fits is refused there, and told with its code', async () => {
    const policy = await written(
      'eight.yaml',
      policyOf(
        'eight',
        'ask: [payment.send]\nbudgets: [{ name: eight, scope: agent, match: payment.send, unit: calls, window: total, cap: 8 }]\n',
      ),
    );
    const file = await written('sixteen.ndjson', recordingOf(16, 2));
    const { ask, block, asks } = await terminal.replay(file, '--asks', 'approve', '--policy', policy);
    expect(ask + block).toBe(32);
    expect(asks).toMatchObject({ approved: ask, taken: 8, waiting: 0 });
    expect(asks.refusedTakes).toEqual(
      ask > 8 ? [expect.objectContaining({ code: 'budget.exceeded', count: ask - 8 })] : [],
    );
  });

  it('leave in the queue what a policy of somebody else asks others, and say so', async () => {
    const { operator } = system;
    const command = (body: object) => operator.post('/operator/organizations/shared/commands', body);
    await operator.post('/operator/organizations', { name: 'shared' });
    await command({ type: 'CreateTeam', name: 'treasury' });
    const guard = policyOf('guard', 'ask: [{ match: "*", when: "args.step == 1", approval: { team: treasury } }]\n');
    await command({ type: 'PublishPolicy', document: guard });
    await command({ type: 'AttachPolicy', name: 'guard', layer: 'organization', point: 'shared' });

    const policy = await written('payments.yaml', policyOf('payments', 'ask: [payment.send]\n'));
    const file = await written('twelve.ndjson', recordingOf(6, 2));
    const report = await terminal.replay(file, '--asks', 'approve', '--policy', policy, '--into', 'shared');
    expect(report).toMatchObject({ ask: 12, asks: { approved: 6, taken: 6, waiting: 4, takenBack: 2 } });
    expect(await peopleOf('shared')).toEqual(everybodyLeft);
  });
});

describe('a replay that does not come to its end takes its people out', () => {
  const asking = () => written('asking.yaml', policyOf('asking', 'ask: [payment.send]\n'));

  it('when a step gets no decision', async () => {
    let deep: object = {};
    for (let depth = 0; depth < 40; depth += 1) deep = { deep };
    const file = await written('deep.ndjson', [payment('deep', 1), payment('deep', 2, { deep })].join('\n'));
    const args = ['--asks', 'approve', '--policy', await asking(), '--into', 'failing'];
    const failed = await terminal.failed('replay', file, ...args);
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('run `deep`, step 2') as string });
    expect(await countsOf('failing')).toMatchObject({ MemberJoined: 1, ApprovalApproved: 1, MemberRemoved: 1 });
    expect(await peopleOf('failing')).toEqual(everybodyLeft);
  });

  it('when somebody presses Ctrl-C', async () => {
    const file = await written('long.ndjson', recordingOf(16, 300));
    const args = ['--asks', 'approve', '--policy', await asking(), '--into', 'interrupted'];
    const replaying = terminal.started('replay', file, ...args);
    const ended = once(replaying, 'exit');
    let said = '';
    replaying.stderr?.on('data', (chunk) => (said += String(chunk)));
    try {
      await expect.poll(() => votesIn('interrupted'), { timeout: 60_000 }).toBeGreaterThan(0);
      replaying.kill('SIGINT');
      expect(await ended).toEqual([1, null]);
    } finally {
      replaying.kill('SIGKILL');
    }
    expect(said).toContain('interrupted');
    expect(await peopleOf('interrupted')).toEqual(everybodyLeft);
  });

  const votesIn = async (organization: string) =>
    (await countsOf(organization).catch(() => ({}) as Record<string, number>))['ApprovalVoted'] ?? 0;
});
