import { Name, OrganizationId, TeamId, type Instant } from '@countersign/kernel';
import type { OrganizationEvent } from './organization.events.ts';

export const lovelace = OrganizationId.parse('00000000-0000-4000-8000-000000000001');
export const treasury = TeamId.parse(`team_${'1'.padStart(32, '0')}`);
export const legal = TeamId.parse(`team_${'2'.padStart(32, '0')}`);
export const named = (name: string) => Name.parse(name);

export const at = (clock: string) => Date.parse(`2026-03-02T${clock}:00.000Z`) as Instant;

export const founded: OrganizationEvent = {
  type: 'OrganizationCreated',
  data: { organizationId: lovelace, name: named('lovelace'), timeZone: 'Europe/Zurich' },
};

export const movedToTokyo: OrganizationEvent = {
  type: 'TimeZoneChanged',
  data: { timeZone: 'Asia/Tokyo', at: at('09:00') },
};

export const treasuryCreated: OrganizationEvent = {
  type: 'TeamCreated',
  data: { teamId: treasury, name: named('treasury') },
};
