import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import type { MemberAnswer } from '../format/members.ts';
import type { Session } from './connect.ts';

type Profile = Readonly<Record<string, unknown>>;

/**
 * Profiles with the ids of the members whose e-mail addresses are given as owners: people know addresses, and the record
 * keeps ids. An id stays as it is, and is the server's to judge. The members are asked for only where an address is.
 *
 * @throws CommandFailed for an address that no member has.
 */
export async function withOwnerIds<Given extends { readonly profile: Profile }>(
  session: Pick<Session, 'get'>,
  given: readonly Given[],
): Promise<readonly Given[]> {
  if (!given.some(({ profile }) => isAddress(profile['owner']))) return given;
  const { members } = await session.get<{ members: readonly MemberAnswer[] }>('/members');
  return given.map((each) => {
    const { owner } = each.profile;
    return isAddress(owner) ? { ...each, profile: { ...each.profile, owner: idOf(owner, members) } } : each;
  });
}

const isAddress = (owner: unknown): owner is string => typeof owner === 'string' && owner.includes('@');

function idOf(address: string, members: readonly MemberAnswer[]): string {
  const found = members.find(({ email }) => email?.toLowerCase() === address.toLowerCase());
  if (!found)
    throw new CommandFailed(
      `no member has the address \`${address}\`, so an agent cannot be theirs; countersign member list shows all`,
      exitCode.refused,
    );
  return found.id;
}
