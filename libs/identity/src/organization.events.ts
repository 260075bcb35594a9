import { Instant, Name, OrganizationId, TeamId, type EventOf } from '@countersign/kernel';
import { z } from 'zod';

/**
 * Facts about an organization and its teams. Permanent: a payload may gain an optional field, anything else is a new type.
 */
export const organizationEvents = {
  OrganizationCreated: z.strictObject({ organizationId: OrganizationId, name: Name, timeZone: z.string() }),
  /** Budgets' days and months follow the new zone once the window that is running has ended. */
  TimeZoneChanged: z.strictObject({ timeZone: z.string(), at: Instant }),
  TeamCreated: z.strictObject({ teamId: TeamId, name: Name }),
} as const;

export type OrganizationEvent = EventOf<typeof organizationEvents>;
