import { Instant, Name, OrganizationId, TeamId, type EventOf } from '@countersign/kernel';
import { z } from 'zod';
import { OrganizationSettings } from './organization.settings.ts';

/**
 * Facts about an organization and its teams. Permanent: a payload may gain an optional field, anything else is a new type.
 */
export const organizationEvents = {
  OrganizationCreated: z.strictObject({ organizationId: OrganizationId, name: Name, timeZone: z.string() }),
  /** Budgets' days and months follow the new zone once the window that is running has ended. */
  TimeZoneChanged: z.strictObject({ timeZone: z.string(), at: Instant }),
  /** All settings as they are from then on. A setting that is added later is optional here. */
  SettingsChanged: z.strictObject({ settings: OrganizationSettings }),
  TeamCreated: z.strictObject({ teamId: TeamId, name: Name }),
} as const;

export type OrganizationEvent = EventOf<typeof organizationEvents>;
