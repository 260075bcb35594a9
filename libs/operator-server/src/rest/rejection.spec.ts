import { describe, expect, it } from 'vitest';
import { problemOfCorrection, problemOfRejection } from './rejection.ts';

const rejections = [
  { code: 'identity.organization_exists' },
  { code: 'identity.organization_not_found' },
  { code: 'identity.team_exists', name: 'support' },
  { code: 'agents.name_taken', name: 'mailer' },
  { code: 'agents.not_found', agent: 'mailer' },
  { code: 'agents.team_not_found', team: 'support' },
  { code: 'agents.retired', agent: 'mailer' },
  { code: 'agents.key_not_found', keyId: 'key_1' },
  { code: 'agents.key_already_expired' },
  { code: 'policies.not_found', name: 'guard' },
  { code: 'policies.version_conflict', expected: 1, current: 2 },
  { code: 'policies.point_not_found', layer: 'team', point: 'support' },
  { code: 'policies.only_shadow', layer: 'team', point: 'support' },
] as const;

describe('a rejection', () => {
  it.each(rejections)('$code becomes a sentence with its own code and a fitting status', (rejection) => {
    const { code, status, detail } = problemOfRejection(rejection);
    expect(code).toBe(rejection.code);
    expect(status).toBe(code.endsWith('not_found') ? 404 : status);
    expect([404, 409, 422]).toContain(status);
    expect(detail).toMatch(/^[A-Z`].*[.:]/);
  });

  it('of a policy points at every line', () => {
    const problem = {
      severity: 'error',
      code: 'policy.pattern',
      line: 4,
      column: 5,
      path: 'allow[0]',
      message: 'no pattern',
    } as const;
    expect(
      problemOfRejection({ code: 'policies.invalid', problems: [problem, { ...problem, line: 7 }] }),
    ).toMatchObject({
      status: 422,
      detail: 'The policy cannot be published: line 4: no pattern (and 1 more)',
      errors: [{ field: 'allow[0]', line: 4, column: 5 }, { line: 7 }],
    });
  });

  it.each(['holds.not_found', 'holds.nothing_held', 'holds.still_open'] as const)('%s names the decision', (code) => {
    expect(problemOfCorrection({ code, decisionId: 'dec_1' }).detail).toContain('dec_1');
  });
});
