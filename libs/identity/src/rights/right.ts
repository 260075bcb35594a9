import { z } from 'zod';

/**
 * What someone may do, as design section 11 lists it. Names are permanent: personal tokens and operations carry them.
 * They have colons, so that nobody takes one for the code of a refusal.
 */
export const rights = {
  'teams:read': 'See agents, decisions without their arguments, and spend.',
  'args:read': 'See the arguments and results of actions.',
  'organization:read': 'See the whole organization, its ledger, exports and reports.',
  'agents:manage': 'Register and change agents, issue and revoke their keys.',
  'policies:draft': 'Draft and test policies.',
  'policies:publish': 'Publish, attach and detach policies.',
  'approvals:decide': 'Decide approvals.',
  'stops:place': 'Stop agents, teams or everything.',
  'stops:pattern': 'Stop whatever intents a pattern selects.',
  'teams:manage': "Manage a team's members and their team roles.",
  'organization:manage': 'Manage teams, members, roles, invitations and settings.',
  'organization:own': 'Transfer or delete the organization.',
} as const;

export type Right = keyof typeof rights;

export const RIGHTS = Object.keys(rights) as readonly Right[];

export const Right = z.enum(RIGHTS as readonly [Right, ...Right[]]);

/**
 * The rights a personal token is limited to. A limit never adds anything: what a token may do is what its member may
 * do at that moment, as far as the token names the right. No right implies another.
 */
export const TokenRights = z
  .array(Right)
  .min(1, 'must name at least one right')
  .refine((named) => new Set(named).size === named.length, 'must name each right once');
export type TokenRights = z.infer<typeof TokenRights>;
