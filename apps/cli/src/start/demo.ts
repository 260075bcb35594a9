export interface DemoAgent {
  readonly name: string;
  readonly team: string;
  readonly profile: { readonly purpose: string };
}

interface Demo {
  readonly organization: string;
  readonly teams: readonly string[];
  readonly agents: readonly DemoAgent[];
  readonly policies: readonly {
    readonly name: string;
    readonly document: string;
    readonly agents: readonly string[];
  }[];
}

const supportAgent = `apiVersion: countersign/v1
name: support-agent
description: Answers customers; refunds above 50 need a person.
default: block
allow:
  - "llm.chat:*"
  - "crm.read:*"
  - match: "refund.issue:*"
    when: "args.amount <= 50"
ask:
  - match: "refund.issue:*"
    when: "args.amount > 50"
block:
  - { match: "fs.delete:*", message: "Agents of support never delete files." }
limits:
  ai_daily_usd: 10
`;

const bookkeeper = `apiVersion: countersign/v1
name: bookkeeper
description: Reads accounts and writes reports; every payment needs a person.
default: block
allow:
  - "llm.chat:*"
  - "accounts.read:*"
  - "report.write:*"
ask:
  - "payment.send:*"
limits:
  ai_daily_usd: 2
`;

/** The organization of a first start. The announcement's two questions are for its first agent. */
export const demo: Demo = {
  organization: 'demo',
  teams: ['support', 'treasury'],
  agents: [
    { name: 'help-desk', team: 'support', profile: { purpose: 'Answers customers and issues small refunds.' } },
    {
      name: 'ledger-clerk',
      team: 'treasury',
      profile: { purpose: 'Reads accounts, writes reports, prepares payments.' },
    },
  ],
  policies: [
    { name: 'support-agent', document: supportAgent, agents: ['help-desk'] },
    { name: 'bookkeeper', document: bookkeeper, agents: ['ledger-clerk'] },
  ],
};
