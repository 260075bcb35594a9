import {
  decideApproval,
  effectiveDeadline,
  grantStream,
  type Approval,
  type ApprovalCommand,
  type ApprovalEvent,
  type ApprovalFacts,
  type Electorate,
  type Grant,
  type StoppedTime,
} from '@countersign/approvals';
import { newId } from '@countersign/crypto';
import { electorateOf, type AnyEvent, type CommandOutcome, type PartialEnforcement } from '@countersign/decisions';
import type { Caller } from '@countersign/identity';
import { redactSecrets } from '@countersign/json';
import type { GrantId } from '@countersign/kernel';
import type { Additions, HeadWork, LockedHead } from '@countersign/ledger-server';
import type { PipelinedTransaction } from '@countersign/postgres';
import { grantTable } from '../adapters/approval-tables.ts';
import { readConfiguration } from '../adapters/configuration-rows.ts';
import { loadRows, selectByKey, writeTouched } from '../adapters/enforcement-table.ts';
import { keyedTables } from '../adapters/keyed-tables.ts';
import { askedAction, type AskedAgain } from './asked-again.ts';
import { Configuration, type CompiledPolicies } from './configuration.ts';
import { Journal } from './journal.ts';
import { OpenAsks } from './open-asks.ts';

/** Everything one command about approvals is judged in. */
interface Judging {
  readonly head: LockedHead;
  readonly configuration: Configuration;
  readonly state: PartialEnforcement;
  readonly asks: OpenAsks;
  readonly journal: Journal;
}

/**
 * What people do about approvals and grants, under the head lock like everything else: two who answer at once are judged
 * one after the other, by the rights they have then. What is due is recorded first, even if the command is refused.
 */
export class ApprovalWork implements HeadWork<[], CommandOutcome> {
  readonly #command: ApprovalCommand;

  constructor(
    private readonly caller: Caller,
    command: ApprovalCommand,
    private readonly compiled: CompiledPolicies,
  ) {
    this.#command = withoutSecrets(command);
  }

  load(): [] {
    return [];
  }

  async decide(head: LockedHead, _loaded: [], transaction: PipelinedTransaction): Promise<Additions<CommandOutcome>> {
    const { organizationId, now, epoch } = head;
    const state = await readConfiguration(transaction, organizationId);
    const configuration = new Configuration(organizationId, epoch, state, this.compiled);
    const journal = new Journal(state, now);
    const asks = new OpenAsks({ transaction, organizationId, configuration, state, journal, now });
    const judging: Judging = { head, configuration, state, asks, journal };

    const command = await this.#withRows(judging, transaction);
    const approval = 'approvalId' in command ? asks.current(command.approvalId) : undefined;
    const facts = await this.#facts(command, approval, judging, transaction);
    const decision = decideApproval(command, state, facts, now);
    const outcome =
      decision.outcome === 'rejected' ? decision : this.#record(decision.events as readonly ApprovalEvent[], judging);
    return {
      events: journal.events,
      configurationIndex: -1,
      requestKeys: [],
      write: (writing) => keyedTables.flatMap((table) => writeTouched(writing, organizationId, table, state)),
      result: () => outcome,
    };
  }

  /** Reads the rows that the command names. An id for a new grant that is in use already is replaced. */
  async #withRows({ head, state, asks }: Judging, transaction: PipelinedTransaction): Promise<ApprovalCommand> {
    const command = this.#command;
    if ('approvalId' in command) await asks.load([command.approvalId]);
    const grantId = grantOf(command);
    if (grantId === null) return command;

    const { sql, send } = transaction;
    loadRows(grantTable, state, await send(selectByKey(sql, head.organizationId, grantTable, [grantId])));
    state.grants.know([grantId]);
    if (command.type !== 'DecideApproval' || !command.grant || !state.grants.has(grantId)) return command;
    const fresh = newId<GrantId>('grt', head.now);
    state.grants.know([fresh]);
    return { ...command, grant: { ...command.grant, grantId: fresh } };
  }

  async #facts(
    command: ApprovalCommand,
    approval: Approval | undefined,
    { head, configuration, state, asks }: Judging,
    transaction: PipelinedTransaction,
  ): Promise<ApprovalFacts> {
    const electorate = electorateFor(approval ?? grantNamed(command, state), configuration, head);
    const stops = approval ? asks.stopsOver(approval) : [];
    const asked = isAboutAction(command, approval)
      ? await askedAction(approval, { head, configuration, state, transaction })
      : null;
    return { ...electorate, by: this.caller, stops, ...judgedBy(command, approval, { asked, stops, head }) };
  }

  #record(events: readonly ApprovalEvent[], { head, asks, journal }: Judging): CommandOutcome {
    const recorded = events.map((event: AnyEvent & ApprovalEvent) => {
      const { type, data } = event;
      const index =
        'grantId' in data
          ? journal.record(event, {
              stream: grantStream(data.grantId),
              // Given once, and ended once.
              streamVersion: type === 'GrantGiven' ? 1 : 2,
              actor: this.caller.actor,
            })
          : asks.record(data.approvalId, event, this.caller.actor);
      return { type, data, position: head.size + index };
    });
    return { outcome: 'accepted', events: recorded, at: head.now };
  }
}

const grantOf = (command: ApprovalCommand): GrantId | null => {
  if (command.type === 'RevokeGrant') return command.grantId;
  return command.type === 'DecideApproval' ? (command.grant?.grantId ?? null) : null;
};

const grantNamed = (command: ApprovalCommand, { grants }: PartialEnforcement): Grant | undefined =>
  command.type === 'RevokeGrant' ? grants.get(command.grantId) : undefined;

/** Of what does not exist nobody is told anything, so nobody is involved in it. */
function electorateFor(
  about: Pick<Approval, 'agentId'> | undefined,
  { state, people }: Configuration,
  { now }: LockedHead,
): Electorate {
  return about ? electorateOf(state, about.agentId, now, people) : { people, involved: new Set(), isRelaxed: false };
}

/** The action itself matters to who raises a cap, gives a grant, or changes it; reading it again costs time under the lock. */
function isAboutAction(command: ApprovalCommand, approval: Approval | undefined): approval is Approval {
  if (!approval) return false;
  const isGiving = command.type === 'DecideApproval' && command.grant !== null && command.verdict === 'approve';
  return isGiving || approval.budgets.length > 0 || command.type === 'EditApproval';
}

interface AskedFacts {
  readonly asked: AskedAgain | null;
  readonly stops: readonly StoppedTime[];
  readonly head: LockedHead;
}

const nothingExceeded: ApprovalFacts['excessOf'] = () => ({
  amount: 0n,
  windowStart: 0 as ApprovalFacts['stops'][number]['from'],
  windowEnd: null,
});

function judgedBy(
  command: ApprovalCommand,
  approval: Approval | undefined,
  { asked, stops, head }: AskedFacts,
): Pick<ApprovalFacts, 'excessOf' | 'redecided' | 'grantable'> {
  if (!asked || !approval) return { excessOf: nothingExceeded, redecided: null, grantable: null };
  const expiresAt = effectiveDeadline(stops, approval, head.now);
  return {
    excessOf: asked.excessOf,
    redecided: command.type === 'EditApproval' ? asked.redecide(command.args, expiresAt) : null,
    grantable: asked.grantable,
  };
}

/** Well-known secrets do not belong into the ledger, whoever pastes them. */
function withoutSecrets(command: ApprovalCommand): ApprovalCommand {
  const words = ['reason', 'feedback', 'text'] as const;
  const given = command as Partial<Record<(typeof words)[number], unknown>>;
  const redacted = words.flatMap((word) => {
    const text = given[word];
    return typeof text === 'string' ? [[word, redactSecrets(text)] as const] : [];
  });
  return { ...command, ...Object.fromEntries(redacted) };
}
