import { compilePolicy, parsePolicy } from '@countersign/policy';
import { describe, expect, it } from 'vitest';
import type { Actual } from './actual.ts';
import type { Desired } from './desired.ts';
import { planOf } from './plan.ts';

const text = (name: string, cap: number, mode = 'enforce') =>
  `apiVersion: countersign/v1\nname: ${name}\nmode: ${mode}\ndefault: block\nallow: ["crm.read:*"]\nlimits: { ai_daily_usd: ${cap} }\n`;

function policy(name: string, cap: number, mode: 'enforce' | 'shadow' = 'enforce'): Desired['policies'][number] {
  const { document, problems } = parsePolicy(text(name, cap, mode));
  if (!document) throw new Error(JSON.stringify(problems));
  return {
    file: `policies/${name}.yaml`,
    text: text(name, cap, mode),
    problems,
    policy: compilePolicy(document),
    name,
    mode,
  };
}

const profile = { owner: 'ada', environment: 'production', riskClass: 'limited', labels: { b: '2', a: '1' } };

const desired: Desired = {
  teams: ['support'],
  agents: [{ file: 'agents/mailer.yaml', name: 'mailer', team: 'support', profile }],
  policies: [policy('watch', 1, 'shadow'), policy('guard', 10)],
  attachments: [
    { policy: 'watch', layer: 'agent', point: 'mailer' },
    { policy: 'guard', layer: 'organization', point: '' },
  ],
};

const empty: Actual = { organizationId: 'org-1', teams: [], agents: [], policies: [] };

const point = { layer: 'organization', point: 'org-1', name: 'acme' };
const applied: Actual = {
  organizationId: 'org-1',
  teams: [{ id: 'team_1', name: 'support' }],
  agents: [
    {
      id: 'agt_1',
      name: 'mailer',
      team: { name: 'support' },
      status: 'active',
      profile: { ...profile, labels: { a: '1', b: '2' } },
      keys: [],
    },
  ],
  policies: [
    {
      name: 'watch',
      version: 1,
      mode: 'shadow',
      document: text('watch', 1, 'shadow'),
      attachments: [{ layer: 'agent', point: 'agt_1', name: 'mailer' }],
    },
    {
      name: 'guard',
      version: 4,
      mode: 'enforce',
      document: text('guard', 10),
      attachments: [point, { layer: 'team', point: 'team_1', name: 'support' }],
    },
  ],
};

const words = (plan: ReturnType<typeof planOf>) => plan.steps.map((step) => `${step.mark} ${step.words}`);

describe('a plan', () => {
  it('makes everything, what others need first, and enforcing policies before shadows', () => {
    expect(words(planOf(desired, empty))).toEqual([
      '+ team support',
      '+ agent mailer of team support',
      '+ policy watch version 1',
      '+ policy guard version 1',
      '+ policy guard attached to the whole organization',
      '+ policy watch attached to agent mailer',
    ]);
  });

  it('is empty once applied, whatever the order of keys', () => {
    expect(planOf(desired, applied)).toMatchObject({ steps: [], unchanged: 6, problems: [] });
  });

  it('names what changes, field by field, and publishes against the version it saw', () => {
    const changed: Desired = {
      ...desired,
      agents: [{ file: '', name: 'mailer', team: 'support', profile: { ...profile, owner: 'grace' } }],
      policies: [policy('guard', 20)],
    };
    const plan = planOf(changed, applied);
    expect(words(plan)).toEqual(['~ agent mailer: owner ada to grace', '~ policy guard version 4 to 5 (~1 budget)']);
    expect(plan.steps[1]?.command).toMatchObject({ type: 'PublishPolicy', expectedVersion: 4 });
  });

  it('removes nothing unless asked, and then only attachments of its own policies', () => {
    expect(words(planOf(desired, applied, { prune: true }))).toEqual(['- policy guard detached from team support']);
    expect(words(planOf({ ...desired, policies: [] }, applied, { prune: true }))).toEqual([]);
  });

  it('refuses names that nobody knows, and agents that were retired', () => {
    const broken: Desired = {
      ...desired,
      agents: [{ file: 'agents/x.yaml', name: 'x', team: 'ghosts', profile }],
      attachments: [{ policy: 'none', layer: 'team', point: 'ghosts' }],
    };
    expect(planOf(broken, applied).problems.map((line) => line.split(' ')[2])).toEqual([
      'file.unknown_team',
      'file.unknown_policy',
      'file.unknown_point',
    ]);
    const retired = { ...applied, agents: applied.agents.map((agent) => ({ ...agent, status: 'retired' })) };
    expect(planOf(desired, retired).problems).toEqual([expect.stringContaining('file.retired')]);
  });
});
