import { NOTICE_KINDS } from '@countersign/channels';
import { instant } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import type { NoticeContent } from './notice.ts';
import { webhookBody } from './webhook-body.ts';
import { wordsOf } from './words.ts';

const place = { organization: 'lovelace', consoleUrl: 'https://console.example' };
const approval = {
  approvalId: 'apr_1',
  decisionId: 'dec_1',
  agentId: 'agt_1',
  agent: 'clerk',
  teams: ['treasury'],
  intent: 'refund.issue',
  target: 'order-1009',
  expiresAt: '2026-03-02T12:00:00.000Z',
  outcome: 'denied',
  over: 90,
  permitExpiresAt: '2026-03-02T13:00:00.000Z',
};
const budget = {
  policy: 'guard',
  budget: 'day',
  scope: 'agent',
  instance: 'clerk',
  unit: 'usd',
  window: 'day',
  windowStart: '2026-03-02T00:00:00.000Z',
  windowEnd: '2026-03-03T00:00:00.000Z',
  cap: '10',
  used: '8.5',
  share: 0.8,
};
const news: Readonly<Record<string, object>> = {
  'publication.proposed': { publicationId: 'pub_1', policy: 'guard', change: 'attach to one team' },
  'stop.placed': { stopId: 'stp_1', scope: 'team treasury', reason: 'seen paying twice' },
  'budget.warning': budget,
  'budget.unreported': budget,
  'checkpoint.daily': { day: '2026-03-02', size: 42, checkpoint: 'countersign.local/1\n42\nroot\n\n— signed' },
  'endpoint.disabled': { endpointId: 'whk_1', url: 'https://hooks.example/', why: 'failing' },
};
const notice = (kind: string) =>
  ({ kind, at: instant(Date.UTC(2026, 2, 2, 10)), position: 7, news: news[kind] ?? approval }) as NoticeContent;

describe('the words of a mail', () => {
  it.each(NOTICE_KINDS)('say of %s what it is, in one line and whole', (kind) => {
    const { subject, paragraphs } = wordsOf(notice(kind), place);
    expect(subject).toMatch(/^\[lovelace\] \S.*$/);
    expect(paragraphs.length).toBeGreaterThan(1);
    expect([subject, ...paragraphs].join()).not.toMatch(/undefined|null|NaN|\[object/);
  });

  it('lead to what has to be decided, by a line of its own', () =>
    expect(wordsOf(notice('approval.opened'), place).paragraphs.at(-1)).toBe(
      'https://console.example/approvals/apr_1',
    ));

  it('say the arithmetic of a budget', () =>
    expect(wordsOf(notice('budget.warning'), place).paragraphs).toEqual([
      'Budget guard/day (agent clerk, per day) has used 8.5 of 10 usd.',
      'It begins anew at 2026-03-03T00:00:00.000Z.',
    ]));
});

describe('the body of a webhook', () => {
  it('says what, when and the facts, as the Standard Webhooks do', () =>
    expect(JSON.parse(webhookBody(notice('stop.placed'), 'org' as never))).toEqual({
      type: 'stop.placed',
      timestamp: '2026-03-02T10:00:00.000Z',
      data: {
        organizationId: 'org',
        position: 7,
        stopId: 'stp_1',
        scope: 'team treasury',
        reason: 'seen paying twice',
      },
    }));
});
