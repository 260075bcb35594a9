import { describe, expect, it } from 'vitest';
import { askLines } from './render-asks.ts';

const none = {
  ...{ approved: 0, taken: 0, denied: 0, waiting: 0, takenBack: 0, answeredByOthers: 0 },
  ...{ refusedTakes: [], refusedAnswers: [] },
};

describe('what became of the asks, in words', () => {
  it('is nothing where nothing was asked', () => {
    expect(askLines({ ...none, answer: 'approve' }, 0)).toEqual([]);
  });

  it('says how many were approved and taken, and why the others were not', () => {
    const refusedTakes = [{ code: 'budget.exceeded', message: 'used up', count: 2 }];
    expect(askLines({ ...none, answer: 'approve', approved: 9, taken: 7, refusedTakes }, 9).join('\n')).toBe(
      [
        'Of 9 asked: 9 approved, of which the agent took 7.',
        '      2 refused at the take (budget.exceeded)',
        '        such as: used up',
        '',
      ].join('\n'),
    );
  });

  it('says that none was denied where people were to deny', () => {
    const refusedAnswers = [{ code: 'approvals.not_a_decider', message: '', count: 1 }];
    expect(askLines({ ...none, answer: 'deny', waiting: 1, refusedAnswers }, 1)).toEqual([
      'Of 1 asked: 0 denied, 1 stays in the queue.',
      '      1 answers refused (approvals.not_a_decider)',
      '',
    ]);
  });

  it('says what stays in the queue where nobody answers', () => {
    expect(askLines({ ...none, answer: 'leave', waiting: 4, takenBack: 142, answeredByOthers: 1 }, 147)).toEqual([
      'Of 147 asked: 4 stay in the queue, 142 taken back by the agent, so that no more wait than may, 1 answered by others.',
      '',
    ]);
  });
});
