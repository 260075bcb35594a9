import type { Subject } from '@countersign/budgets';
import type { BudgetOpened } from './budget-openings.ts';
import { budgetIdentity, covers, type Points } from './counting.ts';

/** What one opening added to one counter. */
interface Addition {
  readonly position: number;
  /** Null from before openings said: the counter had no row, so nothing of it was left out. */
  readonly points: Points | null;
}

/** What openings have put into counters, so that a budget that comes and goes counts no action twice. */
export class EarlierOpenings {
  readonly #additions = new Map<string, Addition[]>();

  add(data: BudgetOpened['data'], position: number): void {
    const named = data.points?.map(({ layer, point }) => [`${layer} ${point}`, { layer, point }] as const);
    const addition = { position, points: named ? new Map(named) : null };
    for (const { instance } of data.counters) {
      const key = `${budgetIdentity(data)}/${instance}`;
      this.#additions.set(key, [...(this.#additions.get(key) ?? []), addition]);
    }
  }

  /**
   * Whether what was recorded at a position is in a counter by an opening. What an opening found and its `match` of that
   * time did not select stays out, as everywhere when a `match` changes: counters survive that, and only go on differently.
   */
  include(identity: string, instance: string, { subject, position }: { subject: Subject; position: number }): boolean {
    const additions = this.#additions.get(`${identity}/${instance}`) ?? [];
    return additions.some(
      (addition) => position < addition.position && (addition.points === null || covers(addition.points, subject)),
    );
  }
}
