import type { InvitationForPeople, MemberForPeople } from '@countersign/surface';
import type { Paint } from './paint.ts';
import { tableOr, visible } from './table.ts';

export type MemberAnswer = MemberForPeople;
export type InvitationAnswer = InvitationForPeople;

export const membersTable = (members: readonly MemberAnswer[], paint: Paint): string =>
  tableOr(
    'no member yet: countersign member invite EMAIL --role owner',
    ['NAME', 'EMAIL', 'ROLE', 'TEAMS', 'SINCE', 'ID'],
    members.map(({ id, name, email, role, teams, since }) => [
      visible(name ?? '(gone)'),
      visible(email ?? ''),
      role,
      teamsWords(teams),
      since,
      id,
    ]),
    paint,
  );

export const invitationsTable = (invitations: readonly InvitationAnswer[], paint: Paint): string =>
  tableOr(
    'no invitation is open: countersign member invite EMAIL makes one',
    ['EMAIL', 'ROLE', 'TEAMS', 'EXPIRES', 'INVITED BY', 'ID'],
    invitations.map(({ id, email, role, teams, expiresAt, invitedBy }) => [
      visible(email),
      role,
      teamsWords(teams),
      expiresAt,
      visible(invitedBy ?? 'operator'),
      id,
    ]),
    paint,
  );

const teamsWords = (teams: MemberAnswer['teams']) =>
  teams.map(({ team, role }) => (role === 'none' ? team.name : `${team.name}:${role}`)).join(', ');
