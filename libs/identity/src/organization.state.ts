import {
  TrackedMap,
  unreachable,
  type Instant,
  type Name,
  type OrganizationId,
  type TeamId,
} from '@countersign/kernel';
import type { OrganizationEvent } from './organization.events.ts';
import { defaultSettings, type OrganizationSettings } from './organization.settings.ts';

/** The zones an organization has had, oldest first; a change applies when the window then running ends. */
export interface ZoneChange {
  readonly zone: string;
  readonly from: Instant;
}

export interface Organization {
  readonly organizationId: OrganizationId;
  readonly name: Name;
  readonly zones: readonly ZoneChange[];
  /** Absent until somebody changed one; ask `settingsOf`. */
  readonly settings?: OrganizationSettings;
}

export interface Team {
  readonly teamId: TeamId;
  readonly name: Name;
}

/** What later decisions need to know of an organization. One entry in `organization` once it exists. */
export interface IdentityState {
  readonly organization: TrackedMap<'self', Organization>;
  readonly teams: TrackedMap<TeamId, Team>;
}

export const emptyIdentity = (): IdentityState => ({ organization: new TrackedMap(), teams: new TrackedMap() });

/** Records what happened, into the state given. Judging belongs to `decide`, so this never refuses. */
export function evolveIdentity(state: IdentityState, event: OrganizationEvent): void {
  switch (event.type) {
    case 'OrganizationCreated': {
      const { organizationId, name, timeZone } = event.data;
      state.organization.set('self', { organizationId, name, zones: [{ zone: timeZone, from: 0 as Instant }] });
      return;
    }
    case 'TimeZoneChanged': {
      const self = state.organization.get('self');
      const change = { zone: event.data.timeZone, from: event.data.at };
      if (self) state.organization.set('self', { ...self, zones: [...self.zones, change] });
      return;
    }
    case 'SettingsChanged': {
      const self = state.organization.get('self');
      if (self) state.organization.set('self', { ...self, settings: event.data.settings });
      return;
    }
    case 'TeamCreated':
      state.teams.set(event.data.teamId, event.data);
      return;
    default:
      unreachable(event);
  }
}

/** The settings in force. */
export const settingsOf = ({ organization }: IdentityState): OrganizationSettings =>
  organization.get('self')?.settings ?? defaultSettings;

/** Finds a team by its id or its name: people type names, programs keep ids. */
export function findTeam(state: IdentityState, idOrName: string): Team | undefined {
  return state.teams.get(idOrName as TeamId) ?? [...state.teams.values()].find(({ name }) => name === idOrName);
}
