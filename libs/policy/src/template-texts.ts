/** The texts that `policyTemplates` offers. Their comments are for whoever applies them: they stay in the policy. */

export const cappedUser = `apiVersion: countersign/v1
name: capped_user
description: Lets a customer's actions through until the customer's money is used up.

# Attach it to a user, or to an agent that acts for many users.
# It only caps: what is allowed at all is for the policies of the agent to say.
limits:
  # On a user each user counts by itself; on an agent, each agent.
  ai_daily_usd: 1
  ai_monthly_usd: 10

# Users are what agents say they are. This bounds how many new ones an agent may name.
maxNew: { user: 100, per: 1h }

# An action whose price nobody knows counts as this much.
unknownPrice: { assume: "0.05" }
`;

export const researchAssistant = `apiVersion: countersign/v1
name: research_assistant
description: Reads and thinks freely within a budget; writes nothing without a person.

allow:
  - "llm.*:*"
  - "search.*:*"
  - "files.read:*"
  # A pattern such as "web.get:https://docs.acme.com*" would also match docs.acme.com.evil.com.
  # Add hosts here, or remove the condition to allow every host.
  - match: "web.get:*"
    when: 'host(target) in ["arxiv.org", "en.wikipedia.org"]'

ask:
  - match: "web.get:*"
    when: '!(host(target) in ["arxiv.org", "en.wikipedia.org"])'
    message: This host is not on the list of the research assistant.
  - "files.write:*"
  - "email.send:*"

# Nothing else. On an agent this is also what happens when \`default\` is left out.
default: block

limits:
  llm_daily_usd: 5

rates:
  - { match: "web.get:*", scope: agent, max: 60, per: 1m }
`;

export const customerSupport = `apiVersion: countersign/v1
name: customer_support
description: Answers customers; small refunds pass, larger ones need a person.

allow:
  - "llm.chat:*"
  - "crm.read:*"
  - "ticket.*:*"
  # Say has(…) first: an action without the path would otherwise be blocked as one that cannot be judged.
  - match: "refund.issue:*"
    when: "has(args.amount) && args.amount <= 50"

ask:
  - match: "refund.issue:*"
    when: "!has(args.amount) || args.amount > 50"
    message: Refunds above 50 need a person.
    # Without a team the approval goes to the agent's own team.
    approval: { quorum: 1, expiresIn: 4h, permitFor: 1h }
  - "email.send:*"

block:
  - match: "crm.delete:*"
    message: Customers are never deleted by an agent.

limits:
  llm_daily_usd: 20

budgets:
  # One conversation cannot talk itself into a fortune.
  - { name: conversation, scope: run, match: "llm.*:*", window: total, cap: 1, assume: "0.01" }

maxNew: { run: 200, per: 1h }
`;

export const internalNotifier = `apiVersion: countersign/v1
name: internal_notifier
description: Posts to channels of ours and writes to addresses of ours, not too often.

allow:
  - "slack.post:#*"
  # "*@acme.com" would also match "eve@evil.com, ada@acme.com".
  - match: "email.send:*"
    when: 'emails(target).all(address, address.endsWith("@acme.com"))'

block:
  # Block rules see through case, wide letters and hidden characters.
  - match: "slack.post:#announcements"
    message: Announcements are written by people.

rates:
  - { match: "slack.post:*", scope: agent, max: 20, per: 1m }
  - { match: "email.send:*", scope: agent, max: 20, per: 1h }
`;

export const unrestricted = `apiVersion: countersign/v1
name: unrestricted
description: Allows everything, and records it. For agents that cannot do harm, and for trying things out.

allow:
  - "*"

# Even so: what an agent spends in a day has an end.
limits:
  ai_daily_usd: 25
`;

export const observe = `apiVersion: countersign/v1
name: observe
description: Allows everything while shadow policies beside it say what they would have done.

# A policy with \`mode: shadow\` is evaluated and recorded, never applied. Alone it would leave the agent
# without a policy, and so blocked. Put this one beside it for a first week, look at the shadow verdicts,
# then take this one away and set the other to \`mode: enforce\`.
allow:
  - "*"
`;
