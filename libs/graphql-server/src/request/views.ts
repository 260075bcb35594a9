import { Configurations, type EnforcementState } from '@countersign/decisions';
import type { Standing } from '@countersign/identity';
import { instant, type Instant, type OrganizationId } from '@countersign/kernel';
import { MoneyRows } from '@countersign/surface';
import { Injectable } from '@nestjs/common';
import type { GraphContext } from './graph-context.ts';
import type { Batch } from './loaders.ts';

/** An organization as one request sees it: all of its fields tell of the same position. */
export interface View {
  readonly organizationId: OrganizationId;
  readonly standing: Standing;
  readonly state: EnforcementState;
  /** Of the last event in it. */
  readonly position: number;
  /** When it was read, by the database's clock. */
  readonly now: Instant;
}

type Snapshot = Omit<View, 'standing'>;

/** Opens organizations for those who belong to them; whoever asks was asked for membership before. */
@Injectable()
export class Views {
  readonly #snapshots: Batch<OrganizationId, Snapshot>;

  constructor(configurations: Configurations, money: MoneyRows) {
    const read = async (organizationId: OrganizationId): Promise<Snapshot> => {
      const [{ state, position }, now] = await Promise.all([configurations.read(organizationId), money.now()]);
      return { organizationId, state, position, now };
    };
    this.#snapshots = {
      read: async (ids) => new Map(await Promise.all(ids.map(async (id) => [id, await read(id)] as const))),
    };
  }

  /** Read once per request. */
  async of(organizationId: OrganizationId, { loaders, standingIn }: GraphContext): Promise<View> {
    const [snapshot, standing] = await Promise.all([
      loaders.load(this.#snapshots, organizationId),
      standingIn(organizationId),
    ]);
    if (!snapshot) throw new Error('an organization that was asked for was not read');
    return { ...snapshot, standing, now: instant(snapshot.now) };
  }
}
