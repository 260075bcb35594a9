import type { WholeApproval } from '@countersign/surface';
import { describe, expect, it } from 'vitest';
import { approvalsTable, approvalWords } from './approvals.ts';
import { paintFor } from './paint.ts';

const plain = paintFor(false, true);
const approval: WholeApproval = {
  ...{ id: 'apr_1', state: 'pending', agent: { id: 'agt_1', name: 'clerk' }, intent: 'refund.issue' },
  ...{ target: 'order\u202e', openedAt: '2026-11-21T09:00:00.000Z', deadline: '2026-11-21T10:00:00.000Z' },
  requirements: [{ teams: ['treasury', 'legal'], quorum: 2 }],
  ...{ approvedBy: ['mem_1'], claimedBy: null, settledBy: null, decisionIds: ['dec_1'], isEdited: false },
  action: { intent: 'refund.issue', target: 'order', args: { to: 'ada\u001b[2J' }, reason: 'broken' },
  reasons: [{ message: 'The rule asks.' }],
  votes: [{ by: 'mem_1', verdict: 'approve', reason: 'fine', at: '2026-11-21T09:10:00.000Z', isStanding: true }],
  comments: [{ by: 'mem_2', text: 'Tomorrow.' }],
  questions: [{ by: 'mem_2', text: 'Which?', answer: 'The mug.' }],
  ...{ feedback: null, permitExpiresAt: null },
};

describe('approvals in a terminal', () => {
  it('say in a line who is asked, for what, and until when', () => {
    const [, line = ''] = approvalsTable([approval], plain).split('\n');
    expect(line).toMatch(
      /^pending +2026-11-21T10:00:00.000Z +clerk +refund.issue order\\u202e +2 of treasury or legal +1 +apr_1$/,
    );
    expect(approvalsTable([], plain)).toContain('no approval');
  });

  it('say all that was said, and show what would move the cursor', () => {
    const words = approvalWords(approval, plain);
    expect(words).not.toContain('\u001b');
    for (const part of ['mem_1: approve, fine', 'mem_2 says: Tomorrow.', 'Which? → The mug.', 'the agent says: broken'])
      expect(words).toContain(part);
  });
});
