import { problemBody, ProblemAnswer } from '@countersign/http';
import type { DecisionDetail, DecisionView } from '@countersign/decisions';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { Decisions, RequestClosed } from '../application/decisions.ts';
import { DryRuns } from '../application/dry-runs.ts';
import type { Caller } from '../application/pending.ts';
import { WaitForDecision } from '../application/wait-for-decision.ts';
import { agentProblem } from './agent-problems.ts';
import { AgentGuard, CallingAgent } from './agent.guard.ts';
import { readDecisionId, readWait } from './parameters.ts';
import { faultProblem } from './fault-problem.ts';
import { BATCH_MAX, readAction, readBody, readList } from './request-body.ts';

@Controller('v1/decisions')
@UseGuards(AgentGuard)
export class DecisionsController {
  constructor(
    private readonly decisions: Decisions,
    private readonly dryRuns: DryRuns,
    private readonly waiting: WaitForDecision,
  ) {}

  @Post()
  @HttpCode(200)
  decide(@CallingAgent() caller: Caller, @Body() body: unknown): Promise<DecisionView> {
    return this.#decide(caller, readBody(body));
  }

  @Post('batch')
  @HttpCode(200)
  async decideBatch(@CallingAgent() caller: Caller, @Body() body: unknown) {
    const actions = readList(readBody(body, 'batch'), 'actions', BATCH_MAX);
    const decisions = await Promise.all(actions.map((action) => this.#decideOneOf(caller, action)));
    return { decisions };
  }

  @Get(':id')
  async read(
    @CallingAgent() caller: Caller,
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<DecisionDetail> {
    return this.waiting.until(caller, readDecisionId(id), readWait(query)).catch((error: unknown) => {
      throw faultProblem(error);
    });
  }

  async #decide(caller: Caller, value: unknown): Promise<DecisionView> {
    const action = readAction(value);
    try {
      return await (action.dryRun === true
        ? this.dryRuns.decide(caller, action)
        : this.decisions.decide(caller, action));
    } catch (error) {
      throw error instanceof RequestClosed ? closedProblem(error) : faultProblem(error);
    }
  }

  /** In a batch each action stands alone: one that is refused is a problem in its place. */
  async #decideOneOf(caller: Caller, value: unknown) {
    try {
      return { ok: true as const, decision: await this.#decide(caller, value) };
    } catch (error) {
      if (error instanceof ProblemAnswer) return { ok: false as const, problem: problemBody(error.problem) };
      throw error;
    }
  }
}

function closedProblem({ code, decision }: RequestClosed): ProblemAnswer {
  const detail =
    code === 'request.reused'
      ? 'this request id was used for another action: every action needs its own'
      : 'this request id was decided before and is closed: asking again gives no second permission. Use a new request id for a new action';
  return agentProblem(code, detail, decision ? { decision } : {});
}
