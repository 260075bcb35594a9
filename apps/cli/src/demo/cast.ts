/** An agent of the story, and the policy it acts under. */
export interface DemoRole {
  readonly agent: string;
  readonly team: string;
  readonly policy: string;
  readonly document: string;
}

const concierge = `apiVersion: countersign/v1
name: demo-concierge
description: Answers customers; refunds above 50 need a person.
explain: full
allow:
  - "crm.read:*"
  - match: "refund.issue:*"
    when: "args.amount <= 50"
ask:
  - match: "refund.issue:*"
    when: "args.amount > 50 && args.amount <= 500"
    message: Refunds above 50 USD need a person.
    approval: { team: support, escalate: { after: 1h, team: treasury } }
  - match: "refund.issue:*"
    when: "args.amount > 500"
    message: Refunds above 500 USD need a person soon.
    approval: { team: support, escalate: { after: 2s, team: treasury } }
block:
  - { match: "fs.delete:*", message: Agents of support never delete files. }
`;

const accountant = `apiVersion: countersign/v1
name: demo-accountant
description: Reads accounts and writes reports; people send the payments.
explain: full
allow:
  - "accounts.read:*"
  - "report.write:*"
ask:
  - match: "payment.send:*"
    message: Every payment needs two people of the treasury.
    approval: { team: treasury, quorum: 2 }
`;

const researcher = `apiVersion: countersign/v1
name: demo-researcher
description: Reads the web and thinks; ten cents a run.
explain: full
allow:
  - "web.read:*"
  - "llm.chat:*"
ask:
  - match: "report.share:*"
    message: Reports leave the house when a person says so.
    approval: { team: research }
budgets:
  - { name: run, scope: run, match: "llm.chat", window: total, cap: "0.10" }
`;

export const cast: readonly DemoRole[] = [
  { agent: 'concierge', team: 'support', policy: 'demo-concierge', document: concierge },
  { agent: 'accountant', team: 'treasury', policy: 'demo-accountant', document: accountant },
  { agent: 'researcher', team: 'research', policy: 'demo-researcher', document: researcher },
];
