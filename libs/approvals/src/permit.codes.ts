/** Reasons that are about permits and grants. Codes are public and permanent. */
export const permitCodes = {
  'permit.mismatch': 'The action is not the one that was approved; the permit stays as it was.',
  'permit.taken': 'Another take has the permit.',
  'permit.none': 'Nobody has approved it, so there is nothing to take.',
  'permit.lapsed': 'The permit was not taken in time, or a policy of today blocks what it was for.',
  'permit.withdrawn': 'Somebody took the approval back.',
  'permit.not_met': 'Today more people would have to approve than did; the permit is kept.',
  'permit.used': 'People approved the action, and this take has its permit.',
  'grant.used': 'People gave a grant that covers the action.',
  'approvals.too_many': 'The agent has as many asks waiting as it may have.',
} as const;
export type PermitCode = keyof typeof permitCodes;
