import type { HoldEntry } from '@countersign/budgets';
import { Configurations, entriesOf, type EnforcementState } from '@countersign/decisions';
import { formatAmount, toIso, type OrganizationId } from '@countersign/kernel';
import { Ledger } from '@countersign/ledger';
import { Injectable } from '@nestjs/common';
import { instanceName, MoneyRows } from '@countersign/surface';
import { ExpiredHoldRows } from '../adapters/expired-hold-rows.ts';

export interface HoldForPeople {
  readonly decisionId: string;
  readonly agent: string;
  readonly expiresAt: string;
  readonly amounts: readonly {
    readonly policy: string;
    readonly budget: string;
    readonly instanceName: string;
    readonly unit: string;
    readonly amount: string;
  }[];
}

/** How far back unreported holds are looked for: by then their windows are long closed. */
const STEP = 1_000;
const SCANNED_MAX = 200_000;

/** Money set aside: what is still open, and what was presumed spent. */
@Injectable()
export class HoldList {
  constructor(
    private readonly configurations: Configurations,
    private readonly money: MoneyRows,
    private readonly expired: ExpiredHoldRows,
    private readonly ledger: Ledger,
  ) {}

  /** Those that expire first. */
  async open(organizationId: OrganizationId, limit: number): Promise<readonly HoldForPeople[]> {
    const { state } = await this.configurations.read(organizationId);
    const holds = await this.money.openHolds(organizationId, limit);
    return holds.map(({ decisionId, agentId, expiresAt, entries }) => ({
      decisionId,
      agent: state.agents.get(agentId)?.name ?? agentId,
      expiresAt: toIso(expiresAt),
      amounts: amountsOf(entries, state),
    }));
  }

  /** Those that expired last. */
  async unreported(organizationId: OrganizationId, limit: number): Promise<readonly HoldForPeople[]> {
    const [{ state }, { size }] = await Promise.all([
      this.configurations.read(organizationId),
      this.ledger.head(organizationId),
    ]);
    const found: HoldForPeople[] = [];
    const floor = Math.max(0, size - SCANNED_MAX);
    for (let to = size; to > floor && found.length < limit; to -= STEP) {
      const range = { from: Math.max(floor, to - STEP), to };
      for (const { decisionId, agent, hold, budgets } of await this.expired.within(organizationId, range))
        if (hold)
          found.push({
            decisionId,
            agent: agent.name,
            expiresAt: toIso(hold.expiresAt),
            amounts: amountsOf(entriesOf(budgets), state),
          });
    }
    return found.slice(0, limit);
  }
}

const amountsOf = (entries: readonly HoldEntry[], state: EnforcementState) =>
  entries.map(({ policy, budget, scope, instance, unit, amount }) => ({
    policy,
    budget,
    instanceName: instanceName(scope, instance, state),
    unit,
    amount: formatAmount(unit, amount),
  }));
