import type { ApprovalCommand } from '@countersign/approvals';
import { newId } from '@countersign/crypto';
import { Commands, type CommandRejection } from '@countersign/decisions';
import type { Caller } from '@countersign/identity';
import {
  accepted,
  rejected,
  type Decided,
  type GrantId,
  type OrganizationId,
  type QuestionId,
} from '@countersign/kernel';
import { Injectable } from '@nestjs/common';
import type { WireApprovalCommand } from './approval-wire.ts';
import { answerOf, type CommandAnswer } from './command-answer.ts';

/** Carries out what people do about approvals and grants. */
@Injectable()
export class ApprovalCommands {
  constructor(private readonly commands: Commands) {}

  /** @throws the faults of the ledger; never a rejection. */
  async run(
    organizationId: OrganizationId,
    caller: Caller,
    wire: WireApprovalCommand,
  ): Promise<Decided<CommandAnswer, CommandRejection>> {
    const outcome = await this.commands.execute(organizationId, caller, prepared(wire, Date.now()));
    return outcome.outcome === 'rejected' ? rejected(outcome.rejection) : accepted(answerOf(outcome.events));
  }
}

/** Adds the ids that a person does not type. */
function prepared(wire: WireApprovalCommand, now: number): ApprovalCommand {
  switch (wire.type) {
    case 'DecideApproval':
      return { ...wire, grant: wire.grant && { grantId: newId<GrantId>('grt', now), terms: wire.grant } };
    case 'AskAgent':
      return { ...wire, questionId: wire.questionId ?? newId<QuestionId>('qst', now) };
    default:
      return wire;
  }
}
