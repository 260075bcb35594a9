import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { InvitationForPeople, MemberForPeople } from '@countersign/surface';
import { sessionOf } from '../operator/connect.ts';
import type { OperatorClient } from '../operator/operator-client.ts';
import { joinByLink, type Credential } from './signed-in.ts';

/** What somebody is to be in an organization. */
export interface Roles {
  readonly role: string;
  readonly teams: readonly { readonly team: string; readonly role: string }[];
}

const Invited = z.object({ link: z.string() });

/** Somebody whom no server knows yet. Nobody else's mail goes to that address: the domain is reserved. */
export function newCredential(name: string): Credential {
  const email = `${name}.${randomUUID().slice(0, 8)}@example.com`;
  return { name, email, password: randomBytes(18).toString('base64url') };
}

/**
 * Invites somebody new by link and lets them join, over the surfaces that people use: a token of the operator gives
 * roles, and never decides.
 *
 * @throws CommandFailed with what the api answered
 */
export async function join(
  operator: OperatorClient,
  organization: string,
  credential: Credential,
  { role, teams }: Roles,
): Promise<void> {
  const { at, client } = sessionOf(operator, organization);
  const { email } = credential;
  const invited = await client.post(at('/commands?delivery=link'), { type: 'InviteMember', email, role, teams });
  await joinByLink(operator.url, Invited.parse(invited).link, credential);
}

/**
 * Takes somebody out again, however far they have come: a member is removed, an invitation revoked. Gives the position
 * of what that recorded, if it had to record something.
 *
 * @throws CommandFailed with what the api answered
 */
export async function dismiss(
  operator: OperatorClient,
  organization: string,
  { email }: Credential,
  reason: string,
): Promise<number | null> {
  const { get, command } = sessionOf(operator, organization);
  const { members } = await get<{ members: readonly MemberForPeople[] }>('/members');
  const member = members.find((each) => each.email === email);
  if (member) return positionOf(await command({ type: 'RemoveMember', memberId: member.id, reason }));

  const { invitations } = await get<{ invitations: readonly InvitationForPeople[] }>('/invitations');
  const invitation = invitations.find((each) => each.email === email);
  return invitation ? positionOf(await command({ type: 'RevokeInvitation', invitationId: invitation.id })) : null;
}

const Recorded = z.object({ position: z.number().nullable() });

const positionOf = (answer: unknown) => Recorded.parse(answer).position;
