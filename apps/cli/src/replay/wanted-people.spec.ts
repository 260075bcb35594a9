import { parsePolicy } from '@countersign/policy';
import { describe, expect, it } from 'vitest';
import { wantedPeople } from './wanted-people.ts';

function wantedOf(body: string) {
  const { document, problems } = parsePolicy(`apiVersion: countersign/v1\nname: refunds\n${body}`);
  if (!document) throw new Error(JSON.stringify(problems));
  return wantedPeople(document, 'replay');
}

describe('whom it takes to answer a policy', () => {
  it('is one person of the agent’s own team, where it names nobody', () => {
    expect(wantedOf('ask: ["refund.issue:*"]\n')).toEqual({ count: 1, teams: ['replay'], isAdminNeeded: false });
  });

  it('is as many as the largest quorum, each of every team that is asked, and of none it only escalates to', () => {
    const wanted = wantedOf(`ask:
  - { match: "refund.issue:*", approval: { team: treasury, quorum: 3 } }
  - { match: "slack.post:*", approval: { team: support, escalate: { after: 10m, team: leads } } }
  - { match: "payment.send:*", approval: { team: treasury, quorum: 2 } }
`);
    expect(wanted).toEqual({ count: 3, teams: ['replay', 'treasury', 'support'], isAdminNeeded: false });
  });

  it('counts the team and quorum that a budget asks', () => {
    const wanted = wantedOf(`allow: ["llm.chat:*"]
budgets:
  - { name: day, scope: agent, match: "llm.chat", window: day, cap: "1", onExceed: ask, approval: { team: finance, quorum: 2 } }
`);
    expect(wanted).toEqual({ count: 2, teams: ['replay', 'finance'], isAdminNeeded: false });
  });

  it('needs an admin where a budget may be raised so far and no further, and only there', () => {
    const budgetWith = (onExceed: string) => `allow: ["llm.chat:*"]
budgets:
  - { name: day, scope: agent, match: "llm.chat", window: day, cap: "1", ${onExceed} }
`;
    expect(wantedOf(budgetWith('onExceed: ask, raiseMax: "0.5"'))).toMatchObject({ isAdminNeeded: true });
    expect(wantedOf(budgetWith('onExceed: block'))).toMatchObject({ isAdminNeeded: false });
  });
});
