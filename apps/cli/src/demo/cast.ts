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
    when: "args.amount > 50"
    message: Refunds above 50 USD need a person.
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
    message: Every payment needs a person of the treasury.
`;

const researcher = `apiVersion: countersign/v1
name: demo-researcher
description: Reads the web and thinks; ten cents a run.
explain: full
allow:
  - "web.read:*"
  - "llm.chat:*"
budgets:
  - { name: run, scope: run, match: "llm.chat", window: total, cap: "0.10" }
`;

export const cast: readonly DemoRole[] = [
  { agent: 'concierge', team: 'support', policy: 'demo-concierge', document: concierge },
  { agent: 'accountant', team: 'treasury', policy: 'demo-accountant', document: accountant },
  { agent: 'researcher', team: 'research', policy: 'demo-researcher', document: researcher },
];
