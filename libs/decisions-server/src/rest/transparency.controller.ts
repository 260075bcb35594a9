import { readWire } from '@countersign/http';
import { LedgerAccess } from '@countersign/ledger-server';
import { Controller, Get, Header, Param, Query, UseGuards } from '@nestjs/common';
import { streamOf } from '../adapters/histories.ts';
import { Decisions } from '../application/decisions.ts';
import type { Caller } from '../application/pending.ts';
import { agentProblem } from './agent-problems.ts';
import { AgentGuard, CallingAgent, LiveKeyGuard } from './agent.guard.ts';
import { ConsistencyQuery, InclusionQuery, noSuchDecision, readDecisionId } from './parameters.ts';

/** The transparency log of the agent's own organization: enough to check that nothing was changed or removed. */
@Controller()
@UseGuards(AgentGuard, LiveKeyGuard)
export class TransparencyController {
  constructor(
    private readonly ledger: LedgerAccess,
    private readonly decisions: Decisions,
  ) {}

  @Get('v1/decisions/:id/receipt')
  async receipt(@CallingAgent() caller: Caller, @Param('id') id: string) {
    const decisionId = readDecisionId(id);
    // Receipts show what was recorded; another agent's decision looks like one that does not exist.
    if (!(await this.decisions.history(caller, decisionId)).decided) throw noSuchDecision();
    const receipt = await this.ledger.receiptOfStream(caller.organizationId, streamOf(decisionId));
    if (receipt === 'unsigned')
      throw agentProblem('receipt.not_signed_yet', 'no checkpoint covers this decision yet: ask again in a second');
    if (!receipt) throw noSuchDecision();
    return receipt;
  }

  @Get('v1/checkpoint')
  @Header('content-type', 'text/plain; charset=utf-8')
  async checkpoint(@CallingAgent() { organizationId }: Caller): Promise<string> {
    const checkpoint = await this.ledger.latestCheckpoint(organizationId);
    if (!checkpoint) throw agentProblem('checkpoint.none', 'nothing was signed yet');
    return checkpoint.note;
  }

  @Get('v1/proofs/inclusion')
  async inclusion(@CallingAgent() { organizationId }: Caller, @Query() query: unknown) {
    const { position, size } = readWire(InclusionQuery, query);
    return this.#proved(() => this.ledger.inclusionProof(organizationId, position, size));
  }

  @Get('v1/proofs/consistency')
  async consistency(@CallingAgent() { organizationId }: Caller, @Query() query: unknown) {
    const { from, to } = readWire(ConsistencyQuery, query);
    return this.#proved(() => this.ledger.consistencyProof(organizationId, from, to));
  }

  @Get('.well-known/countersign/keys')
  @Header('content-type', 'text/plain; charset=utf-8')
  async keys(@CallingAgent() { organizationId }: Caller): Promise<string> {
    return (await this.ledger.verifierKeys(organizationId)).map((key) => `${key}\n`).join('');
  }

  async #proved<Proof>(prove: () => Promise<Proof | null>): Promise<Proof> {
    const proof = await prove().catch((error: unknown) => {
      if (error instanceof RangeError) throw agentProblem('proof.out_of_range', error.message);
      throw error;
    });
    if (!proof) throw agentProblem('checkpoint.none', 'nothing was signed yet: give a size of your own');
    return proof;
  }
}
