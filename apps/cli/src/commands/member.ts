import { Command, Option } from 'commander';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { invitationsTable, membersTable, type InvitationAnswer, type MemberAnswer } from '../format/members.ts';
import { printAnswer } from '../format/print.ts';
import { connect, type ConnectionFlags, type Session } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

const ROLES = ['owner', 'admin', 'member', 'developer', 'auditor', 'viewer'];
const TEAM_ROLES = ['lead', 'approver', 'none'];

export function memberCommand(): Command {
  return new Command('member')
    .description('Members: people, what they are in the organization, and what in its teams.')
    .addCommand(inviteCommand())
    .addCommand(invitationsCommand())
    .addCommand(revokeCommand())
    .addCommand(listCommand())
    .addCommand(roleCommand())
    .addCommand(teamCommand())
    .addCommand(removeCommand());
}

interface InviteFlags extends ConnectionFlags {
  readonly role: string;
  readonly team: readonly TeamRole[];
  readonly expires?: string;
  readonly print?: true;
}

const inviteCommand = () =>
  operatorCommand(
    'invite',
    'Invite somebody by mail. The link works once, for that address, and for a week.',
    'countersign member invite grace@example.com --role member --team treasury:approver\ncountersign member invite ada@example.com --role owner --print',
  )
    .argument('<email>', 'where they receive mail; they join as that address')
    .addOption(new Option('--role <role>', 'what they become in the organization').choices(ROLES).default('member'))
    .option('--team <team:role>', 'a team they come into, as lead, approver or none; may be repeated', teamRole, [])
    .option('--expires <time>', 'RFC 3339; at most 30 days from now')
    .option('--print', 'print the link instead of mailing it: whoever has it joins as that address')
    .action(async (email: string, flags: InviteFlags) => {
      const session = await connect(flags);
      const body = {
        type: 'InviteMember',
        email,
        role: flags.role,
        teams: flags.team,
        ...(flags.expires !== undefined && { expiresAt: flags.expires }),
      };
      const answer = await invite(session, body, flags.print ? 'link' : 'mail');
      printAnswer(answer, flags, ({ link }) => link ?? `invited ${email}`);
      for (const { message } of answer.warnings) console.error(`warning: ${message}`);
    });

export interface InvitedAnswer {
  readonly link?: string;
  readonly warnings: readonly { readonly message: string }[];
}

/** Also what `init` makes the first owner by. */
export const invite = (session: Session, body: object, delivery: 'mail' | 'link') =>
  session.client.post(session.at(`/commands?delivery=${delivery}`), body) as Promise<InvitedAnswer>;

interface TeamRole {
  readonly team: string;
  readonly role: string;
}

/** Gathers `--team NAME:ROLE`; exported for its spec. */
export function teamRole(text: string, known: readonly TeamRole[]): readonly TeamRole[] {
  const [team = '', role = 'none', ...more] = text.split(':');
  if (team === '' || more.length > 0 || !TEAM_ROLES.includes(role))
    throw new CommandFailed(
      `--team \`${text}\` must be a team and lead, approver or none, such as treasury:lead`,
      exitCode.usage,
    );
  return [...known, { team, role }];
}

const invitationsCommand = () =>
  operatorCommand('invitations', 'List the invitations that are open.', 'countersign member invitations').action(
    async (flags: ConnectionFlags) => {
      const session = await connect(flags);
      const answer = await session.get<{ invitations: readonly InvitationAnswer[] }>('/invitations');
      printAnswer(answer, flags, ({ invitations }, paint) => invitationsTable(invitations, paint));
    },
  );

const revokeCommand = () =>
  operatorCommand('revoke', 'Revoke an invitation: its link no longer works.', 'countersign member revoke inv_0198c5…')
    .argument('<invitation>', 'its id, from `countersign member invitations`')
    .action(async (invitationId: string, flags: ConnectionFlags) => {
      const session = await connect(flags);
      const answer = await session.command<object>({ type: 'RevokeInvitation', invitationId });
      printAnswer(answer, flags, () => `revoked ${invitationId}`);
    });

const listCommand = () =>
  operatorCommand('list', 'List the members.', 'countersign member list').action(async (flags: ConnectionFlags) => {
    const session = await connect(flags);
    printAnswer(await membersOf(session), flags, ({ members }, paint) => membersTable(members, paint));
  });

const roleCommand = () =>
  operatorCommand(
    'role',
    'Change what a member is in the organization.',
    'countersign member role grace@example.com admin',
  )
    .argument('<member>', 'id or e-mail address')
    .argument('<role>', ROLES.join(', '))
    .action(async (reference: string, role: string, flags: ConnectionFlags) => {
      const session = await connect(flags);
      const memberId = await memberIdOf(session, reference);
      const answer = await session.command<object>({ type: 'ChangeRole', memberId, role });
      printAnswer(answer, flags, () => `${reference} is ${role}`);
    });

const teamCommand = () =>
  operatorCommand(
    'team',
    'Put a member into a team, change what they are there, or take them out.',
    'countersign member team grace@example.com treasury lead\ncountersign member team grace@example.com treasury --out',
  )
    .argument('<member>', 'id or e-mail address')
    .argument('<team>', 'name or id')
    .argument('[role]', TEAM_ROLES.join(', '), 'none')
    .option('--out', 'take them out of the team')
    .action(async (reference: string, team: string, role: string, flags: ConnectionFlags & { out?: true }) => {
      const session = await connect(flags);
      const memberId = await memberIdOf(session, reference);
      const answer = await session.command<object>(
        flags.out ? { type: 'RemoveFromTeam', memberId, team } : { type: 'ChangeTeamRole', memberId, team, role },
      );
      printAnswer(answer, flags, () =>
        flags.out ? `${reference} is no longer in ${team}` : `${reference} is in ${team}, as ${role}`,
      );
    });

const removeCommand = () =>
  operatorCommand(
    'remove',
    'Remove a member: from then on they may do nothing here. They stay in the record, and keep their id if they return.',
    'countersign member remove grace@example.com --reason "left the company"',
  )
    .argument('<member>', 'id or e-mail address')
    .option('--reason <text>', 'why; it stays in the ledger', '')
    .action(async (reference: string, flags: ConnectionFlags & { reason: string }) => {
      const session = await connect(flags);
      const memberId = await memberIdOf(session, reference);
      const answer = await session.command<object>({ type: 'RemoveMember', memberId, reason: flags.reason });
      printAnswer(answer, flags, () => `removed ${reference}`);
    });

const membersOf = (session: Session) => session.get<{ members: readonly MemberAnswer[] }>('/members');

/** People type addresses; programs keep ids. */
async function memberIdOf(session: Session, reference: string): Promise<string> {
  if (reference.startsWith('mem_')) return reference;
  const { members } = await membersOf(session);
  const found = members.find(({ email }) => email === reference.toLowerCase());
  if (found) return found.id;
  throw new CommandFailed(`there is no member \`${reference}\`; countersign member list shows all`, exitCode.refused);
}
