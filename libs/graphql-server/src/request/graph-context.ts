import type { Standing } from '@countersign/identity';
import type { SignedIn } from '@countersign/identity/people';
import type { OrganizationId } from '@countersign/kernel';
import type { Standings } from './caller.ts';
import { Loaders, type Batch } from './loaders.ts';

/** What one request knows, for as long as it lasts. */
export interface GraphContext {
  readonly signedIn: SignedIn | null;
  readonly loaders: Loaders;
  /** What the caller is in an organization: a stranger when nobody is signed in. Read once per request. */
  standingIn(organizationId: OrganizationId): Promise<Standing>;
}

const STRANGER: Standing = { kind: 'stranger' };

export function contextOf(signedIn: SignedIn | null, standings: Standings): GraphContext {
  const loaders = new Loaders();
  const batch: Batch<OrganizationId, Standing> = {
    read: async (ids) =>
      new Map(await Promise.all(ids.map(async (id) => [id, await standingOf(signedIn, id, standings)] as const))),
  };
  return {
    signedIn,
    loaders,
    standingIn: async (organizationId) => (await loaders.load(batch, organizationId)) ?? STRANGER,
  };
}

/** A token that is bound to one organization is a stranger's in every other. */
async function standingOf(signedIn: SignedIn | null, id: OrganizationId, standings: Standings): Promise<Standing> {
  const isBoundElsewhere = signedIn !== null && signedIn.organizationId !== null && signedIn.organizationId !== id;
  return signedIn === null || isBoundElsewhere ? STRANGER : standings.of(signedIn, id);
}
