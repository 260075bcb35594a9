import { Name, OrganizationId, TeamId } from '@countersign/kernel';
import { z } from 'zod';
import { OrganizationSettings } from './organization.settings.ts';
import { TimeZone } from './time-zone.ts';

export const CreateOrganization = z.strictObject({
  type: z.literal('CreateOrganization'),
  organizationId: OrganizationId,
  name: Name,
  timeZone: TimeZone.default('UTC'),
});

export const ChangeTimeZone = z.strictObject({ type: z.literal('ChangeTimeZone'), timeZone: TimeZone });

/** Settings that are left out stay as they are. */
export const ChangeSettings = z.strictObject({
  type: z.literal('ChangeSettings'),
  settings: OrganizationSettings.partial(),
});

export const CreateTeam = z.strictObject({ type: z.literal('CreateTeam'), teamId: TeamId, name: Name });

export const OrganizationCommand = z.discriminatedUnion('type', [
  CreateOrganization,
  ChangeTimeZone,
  ChangeSettings,
  CreateTeam,
]);
export type OrganizationCommand = z.infer<typeof OrganizationCommand>;
