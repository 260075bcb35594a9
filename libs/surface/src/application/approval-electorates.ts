import { peopleOf, type Approval, type ApprovalFacts, type Deciding } from '@countersign/approvals';
import { electorateOf } from '@countersign/decisions';
import type { ApprovalId } from '@countersign/kernel';
import { Injectable } from '@nestjs/common';
import { ApprovalHistories, type ApprovalHistory } from './approval-history.ts';
import type { Look } from './approval-list.ts';
import { BudgetOutlook, excessFrom } from './budget-outlook.ts';

const nothingExceeded: ApprovalFacts['excessOf'] = () => {
  throw new Error('an approval that no budget asked has no excess');
};

/** Who may decide, as far as somebody who looks can tell: it is judged again, under the lock, when they do. */
@Injectable()
export class ApprovalElectorates {
  constructor(
    private readonly histories: ApprovalHistories,
    private readonly outlook: BudgetOutlook,
  ) {}

  /** For each of the approvals given. Only those that a budget asked are looked up in the ledger. */
  async of(look: Look, approvals: readonly Approval[]): Promise<ReadonlyMap<ApprovalId, Deciding>> {
    const raised = approvals.filter(({ budgets }) => budgets.length > 0);
    const histories = raised.length === 0 ? new Map() : await this.histories.of(look.organizationId, raised);
    const excess = await this.#excess(look, histories);
    const people = peopleOf(look.state);
    return new Map(
      approvals.map(({ approvalId, agentId }) => [
        approvalId,
        {
          ...electorateOf(look.state, agentId, look.now, people),
          excessOf: excess.get(approvalId) ?? nothingExceeded,
        },
      ]),
    );
  }

  async #excess(look: Look, histories: ReadonlyMap<ApprovalId, ApprovalHistory>) {
    const asked = [...histories].flatMap(([id, history]) =>
      history.asked ? [{ id, decided: history.asked.decided }] : [],
    );
    const budgets = await this.outlook.of(
      look,
      asked.map(({ decided }) => decided),
    );
    const found = asked.map(({ id }, index) => [id, excessFrom(budgets[index] ?? [], look.now)] as const);
    // Of an ask that was erased nothing is known, and so nothing is raised.
    const erased = [...histories.keys()].map((id) => [id, excessFrom([], look.now)] as const);
    return new Map([...erased, ...found]);
  }
}
