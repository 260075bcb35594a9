import type { Invitation, Member } from '@countersign/identity';
import type { InvitationId, MemberId, StopId } from '@countersign/kernel';
import type { LiftedStop, Stop } from '@countersign/stops';
import type { EnforcementTable } from './enforcement-table.ts';

const json = <Value>(text: unknown) => JSON.parse(String(text)) as Value;

const members: EnforcementTable<MemberId, Member> = {
  name: 'members',
  map: (state) => state.members,
  key: { member_id: 'text' },
  columns: { user_id: 'text', status: 'text', details: 'json' },
  keyTexts: (memberId) => [memberId],
  valueTexts: ({ memberId: _, userId, status, ...details }) => [userId, status, JSON.stringify(details)],
  fromRow: ({ member_id, user_id, status, details }) => {
    const memberId = member_id as MemberId;
    const known = { memberId, userId: String(user_id), status: status as Member['status'] };
    return [memberId, { ...known, ...json<Omit<Member, keyof typeof known>>(details) }];
  },
};

const invitations: EnforcementTable<InvitationId, Invitation> = {
  name: 'invitations',
  map: (state) => state.invitations,
  key: { invitation_id: 'text' },
  columns: { token_hash: 'text', details: 'json' },
  keyTexts: (invitationId) => [invitationId],
  valueTexts: ({ tokenHash, ...details }) => [tokenHash, JSON.stringify(details)],
  fromRow: ({ invitation_id, token_hash, details }) => [
    invitation_id as InvitationId,
    { ...json<Omit<Invitation, 'tokenHash'>>(details), tokenHash: String(token_hash) },
  ],
};

export const stopTable: EnforcementTable<StopId, Stop> = {
  name: 'stops',
  map: (state) => state.stops,
  key: { stop_id: 'text' },
  columns: { details: 'json' },
  keyTexts: (stopId) => [stopId],
  valueTexts: (stop) => [JSON.stringify(stop)],
  fromRow: ({ stop_id, details }) => [stop_id as StopId, json<Stop>(details)],
};

/** Who belongs to an organization, and what it has stopped: few rows, cached whole under the epoch. */
export const peopleTables: readonly EnforcementTable<never, never>[] = [members, invitations, stopTable] as never;

/** They grow for ever and matter only to what waits for people, so they are read when that is judged. */
export const liftedStopTable: EnforcementTable<StopId, LiftedStop> = {
  name: 'lifted_stops',
  map: (state) => state.liftedStops,
  key: { stop_id: 'text' },
  columns: { lifted_at: 'bigint', details: 'json' },
  keyTexts: (stopId) => [stopId],
  valueTexts: (stop) => [String(stop.liftedAt), JSON.stringify(stop)],
  fromRow: ({ stop_id, details }) => [stop_id as StopId, json<LiftedStop>(details)],
};
