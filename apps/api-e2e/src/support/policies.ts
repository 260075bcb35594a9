/** Allows mugs to be bought, one price, against one cap of the whole organization. */
export const organizationCap = (cap: string) => `apiVersion: countersign/v1
name: shared-cap
allow: ["shop.buy:*"]
budgets:
  - { name: everything, scope: organization, unit: usd, window: total, cap: "${cap}" }
`;

export const allowAll = `apiVersion: countersign/v1
name: allow-all
allow: ["*"]
`;

/** Every mug needs a person of the treasury, and all of them share a budget. */
export const peopleBuy = `apiVersion: countersign/v1
name: people-buy
ask:
  - { match: "shop.buy:*", approval: { team: treasury } }
  - { match: "shop.rush:*", approval: { team: treasury, permitFor: 2s } }
budgets:
  - { name: everything, scope: organization, unit: usd, window: total, cap: "100" }
`;

export const mug = { intent: 'shop.buy', target: 'mug-blue', cost: { usd: '0.001' } } as const;
