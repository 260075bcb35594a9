import type { OrganizationId } from '@countersign/kernel';
import { Ledger } from '@countersign/ledger';
import { Injectable } from '@nestjs/common';
import { DecisionRows } from '../adapters/decision-rows.ts';
import { decisionForPeople, type DecisionForPeople, type PlacedDecision } from './decision-for-people.ts';

export interface DecisionFilter {
  /** Id or name. */
  readonly agent?: string | undefined;
  readonly verdict?: string | undefined;
  readonly run?: string | undefined;
}

export interface DecisionPage {
  readonly decisions: readonly DecisionForPeople[];
  /** Where to go on: as `after` going up, as `before` going down. */
  readonly next: number;
  /** The ledger's last position when the page was read; -1 while it is empty. */
  readonly last: number;
}

/** One query reads so many positions, and one request so many in all: a rare filter answers early, and says where it got to. */
const STEP = 500;
const SCANNED_MAX = 20_000;

/** Decisions by position, filtered. */
@Injectable()
export class DecisionList {
  constructor(
    private readonly ledger: Ledger,
    private readonly rows: DecisionRows,
  ) {}

  /** Oldest first, from behind a position. Complete: whatever commits later stands at a later position. */
  async after(
    organizationId: OrganizationId,
    after: number,
    page: DecisionFilter & { limit: number },
  ): Promise<DecisionPage> {
    const { size } = await this.ledger.head(organizationId);
    const found: PlacedDecision[] = [];
    const end = Math.min(size, after + 1 + SCANNED_MAX);
    let next = Math.min(after, size - 1);
    for (let from = after + 1; from < end && found.length < page.limit; from += STEP) {
      const to = Math.min(end, from + STEP);
      const more = await this.#matching(organizationId, { from, to }, page);
      const taken = more.slice(0, page.limit - found.length);
      found.push(...taken);
      next = taken.length < more.length ? (taken.at(-1)?.position ?? next) : to - 1;
    }
    return { decisions: found.map(decisionForPeople), next, last: size - 1 };
  }

  /** Newest first, from before a position; without one, from the end. */
  async before(
    organizationId: OrganizationId,
    before: number | undefined,
    page: DecisionFilter & { limit: number },
  ): Promise<DecisionPage> {
    const { size } = await this.ledger.head(organizationId);
    const start = Math.min(size, before ?? size);
    const floor = Math.max(0, start - SCANNED_MAX);
    const found: PlacedDecision[] = [];
    let next = start;
    for (let to = start; to > floor && found.length < page.limit; to -= STEP) {
      const from = Math.max(floor, to - STEP);
      const more = (await this.#matching(organizationId, { from, to }, page)).toReversed();
      const taken = more.slice(0, page.limit - found.length);
      found.push(...taken);
      next = taken.length < more.length ? (taken.at(-1)?.position ?? next) : from;
    }
    return { decisions: found.map(decisionForPeople), next, last: size - 1 };
  }

  async #matching(organizationId: OrganizationId, range: { from: number; to: number }, filter: DecisionFilter) {
    const decisions = await this.rows.within(organizationId, range);
    return decisions.filter((decision) => matches(decision, filter));
  }
}

function matches({ decided }: PlacedDecision, { agent, verdict, run }: DecisionFilter): boolean {
  return (
    (agent === undefined || decided.agent.id === agent || decided.agent.name === agent) &&
    (verdict === undefined || decided.verdict === verdict) &&
    (run === undefined || decided.action.run === run)
  );
}
