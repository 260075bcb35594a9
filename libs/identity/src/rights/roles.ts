import { z } from 'zod';

/** What a member is in the organization: one of these, highest first. */
export const OrganizationRole = z.enum(['owner', 'admin', 'member', 'developer', 'auditor', 'viewer']);
export type OrganizationRole = z.infer<typeof OrganizationRole>;

/** What a member is in one team they belong to. A lead is an approver who also manages the team's members. */
export const TeamRole = z.enum(['lead', 'approver', 'none']);
export type TeamRole = z.infer<typeof TeamRole>;
