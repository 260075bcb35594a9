import type { Deciding } from '@countersign/approvals';
import {
  ApprovalElectorates,
  ApprovalHistories,
  BudgetOutlook,
  type ApprovalHistory,
  type BudgetAfter,
} from '@countersign/surface';
import { Injectable } from '@nestjs/common';
import type { ApprovalType } from '../resolvers/approval.types.ts';
import type { GraphContext } from './graph-context.ts';
import type { Batch } from './loaders.ts';
import type { View } from './views.ts';

type OfApprovals<Value> = Batch<ApprovalType, Value>;

/** What a page of approvals needs beside their rows: each kind read at once for all of them. */
@Injectable()
export class ApprovalLoaders {
  readonly #histories: OfApprovals<ApprovalHistory>;
  readonly #deciding: OfApprovals<Deciding>;
  readonly #outlook;

  constructor(histories: ApprovalHistories, electorates: ApprovalElectorates, outlook: BudgetOutlook) {
    this.#histories = byView(async (view, nodes) => {
      const found = await histories.of(
        view.organizationId,
        nodes.map(({ seen }) => seen.approval),
      );
      return (node) => found.get(node.seen.approval.approvalId);
    });
    this.#deciding = byView(async (view, nodes) => {
      const found = await electorates.of(
        view,
        nodes.map(({ seen }) => seen.approval),
      );
      return (node) => found.get(node.seen.approval.approvalId);
    });
    this.#outlook = outlook;
  }

  async history(node: ApprovalType, { loaders }: GraphContext): Promise<ApprovalHistory> {
    return (await loaders.load(this.#histories, node)) ?? { asked: null, events: [] };
  }

  async deciding(node: ApprovalType, { loaders }: GraphContext): Promise<Deciding> {
    const found = await loaders.load(this.#deciding, node);
    if (!found) throw new Error('an approval was shown that nobody was looked up for');
    return found;
  }

  /** Empty once the ask was erased. */
  async budgets(node: ApprovalType, context: GraphContext): Promise<readonly BudgetAfter[]> {
    const { asked } = await this.history(node, context);
    const [budgets = []] = asked ? await this.#outlook.of(node.view, [asked.decided]) : [];
    return budgets;
  }
}

type Read<Value> = (view: View, nodes: readonly ApprovalType[]) => Promise<(node: ApprovalType) => Value | undefined>;

/** One read for each organization that an answer shows approvals of. */
const byView = <Value>(read: Read<Value>): OfApprovals<Value> => ({
  read: async (nodes) => {
    const found = new Map<ApprovalType, Value>();
    for (const view of new Set(nodes.map((node) => node.view))) {
      const own = nodes.filter((node) => node.view === view);
      const valueOf = await read(view, own);
      for (const node of own) {
        const value = valueOf(node);
        if (value !== undefined) found.set(node, value);
      }
    }
    return found;
  },
});
