/** Who may knock. What a person is in an organization decides nothing here: that is asked behind `/graphql`. */
export type Kind = 'nobody' | 'forged-key' | 'agent' | 'token' | 'session' | 'operator';

/** Whom a route lets in, whatever it then answers. */
export type Door = 'anybody' | 'agents' | 'people' | 'sessions' | 'not-agents' | 'operator';

export const letsIn: Readonly<Record<Door, readonly Kind[]>> = {
  anybody: ['nobody', 'forged-key', 'agent', 'token', 'session', 'operator'],
  agents: ['agent'],
  people: ['token', 'session'],
  sessions: ['session'],
  // Signing in begins with nobody, and fields of GraphQL ask for rights themselves.
  'not-agents': ['nobody', 'token', 'session', 'operator'],
  operator: ['operator'],
};

const operators = (...routes: readonly string[]) =>
  routes.map((route) => [route.replace(' ', ' /operator/organizations'), 'operator'] as const);

/** Every route of the api, said once more and by hand. One that is not here fails the walk. */
export const doors: Readonly<Record<string, Door>> = {
  'GET /health': 'anybody',
  'GET /openapi.json': 'anybody',
  'GET /.well-known/countersign/keys': 'agents',
  'GET /v1/me': 'agents',
  'POST /v1/decisions': 'agents',
  'POST /v1/decisions/batch': 'agents',
  'GET /v1/decisions/:id': 'agents',
  'POST /v1/decisions/:id/take': 'agents',
  'POST /v1/decisions/:id/answers': 'agents',
  'POST /v1/decisions/:id/outcome': 'agents',
  'POST /v1/decisions/:id/extend': 'agents',
  'POST /v1/decisions/:id/cancel': 'agents',
  'GET /v1/decisions/:id/receipt': 'agents',
  'POST /v1/outcomes/batch': 'agents',
  'GET /v1/checkpoint': 'agents',
  'GET /v1/proofs/inclusion': 'agents',
  'GET /v1/proofs/consistency': 'agents',
  'GET /graphql': 'not-agents',
  'POST /graphql': 'not-agents',
  'GET /api/auth/*': 'not-agents',
  'POST /api/auth/*': 'not-agents',
  'GET /api/me': 'people',
  'GET /api/sessions': 'sessions',
  'DELETE /api/sessions/:id': 'sessions',
  'GET /api/tokens': 'sessions',
  'POST /api/tokens': 'sessions',
  'DELETE /api/tokens/:id': 'sessions',
  ...Object.fromEntries([
    ...operators('GET ', 'POST ', 'GET /:organization', 'POST /:organization/commands'),
    ...operators('GET /:organization/agents', 'GET /:organization/policies', 'GET /:organization/policies/:name'),
    ...operators('GET /:organization/policies/:name/versions', 'GET /:organization/publications'),
    ...operators('GET /:organization/approvals', 'GET /:organization/approvals/:id'),
    ...operators('GET /:organization/members', 'GET /:organization/invitations', 'GET /:organization/stops'),
    ...operators('GET /:organization/budgets', 'GET /:organization/holds', 'GET /:organization/decisions'),
    ...operators('GET /:organization/decisions/:id', 'GET /:organization/decisions/:id/receipt'),
    ...operators('POST /:organization/state/check', 'POST /:organization/restore/check'),
    ...operators('GET /:organization/events', 'GET /:organization/ledger/export'),
    ...operators('GET /:organization/ledger/checkpoint', 'GET /:organization/ledger/keys'),
  ]),
};
