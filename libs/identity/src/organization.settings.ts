import { z } from 'zod';

/** What an organization decides about itself. All are off until somebody who manages it turns them on. */
export const OrganizationSettings = z.strictObject({
  /** A second person confirms whatever one person publishes. */
  policyFourEyes: z.boolean(),
  /** An agent's owner and deputy, the issuers of its live keys and whom it acts for may decide its approvals. */
  ownAgentApproval: z.boolean(),
  /** A lead may publish and attach policies to the agents of the teams they lead. */
  leadsPublish: z.boolean(),
});
export type OrganizationSettings = Readonly<z.infer<typeof OrganizationSettings>>;

export const defaultSettings: OrganizationSettings = {
  policyFourEyes: false,
  ownAgentApproval: false,
  leadsPublish: false,
};
