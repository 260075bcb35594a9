import { problemBody, ProblemAnswer, readWire } from '@countersign/http';
import type { DecisionDetail, DecisionView } from '@countersign/decisions';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { Decisions, RequestClosed } from '../application/decisions.ts';
import { DryRuns } from '../application/dry-runs.ts';
import type { Caller } from '../application/pending.ts';
import { AskRefused, GivenAnswer, Takes } from '../application/takes.ts';
import { WaitForDecision } from '../application/wait-for-decision.ts';
import { agentProblem, agentProblems, type AgentProblem } from './agent-problems.ts';
import { AgentGuard, CallingAgent } from './agent.guard.ts';
import { noSuchDecision, readDecisionId, readWait } from './parameters.ts';
import { faultProblem } from './fault-problem.ts';
import { BATCH_MAX, readAction, readBody, readList, readTake } from './request-body.ts';

@Controller('v1/decisions')
@UseGuards(AgentGuard)
export class DecisionsController {
  constructor(
    private readonly decisions: Decisions,
    private readonly dryRuns: DryRuns,
    private readonly waiting: WaitForDecision,
    private readonly takes: Takes,
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

  @Post(':id/take')
  @HttpCode(200)
  take(@CallingAgent() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<DecisionDetail> {
    const decisionId = readDecisionId(id);
    return this.takes.take(caller, decisionId, readTake(body)).catch(refuseAsk);
  }

  @Post(':id/answers')
  @HttpCode(200)
  answer(@CallingAgent() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<DecisionDetail> {
    const decisionId = readDecisionId(id);
    return this.takes.answer(caller, decisionId, readWire(GivenAnswer, readBody(body))).catch(refuseAsk);
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

/** @throws {ProblemAnswer} for every refusal; what is no refusal goes on as it is. */
function refuseAsk(error: unknown): never {
  if (!(error instanceof AskRefused)) throw faultProblem(error);
  const { code } = error.rejection;
  // An approval that is not this agent's looks like one that does not exist.
  if (code === 'decision.not_found' || !(code in agentProblems)) throw noSuchDecision();
  const own = code as AgentProblem;
  throw agentProblem(own, agentProblems[own].meaning);
}

function closedProblem({ code, decision }: RequestClosed): ProblemAnswer {
  const detail =
    code === 'request.reused'
      ? 'this request id was used for another action: every action needs its own'
      : 'this request id was decided before and is closed: asking again gives no second permission. Use a new request id for a new action';
  return agentProblem(code, detail, decision ? { decision } : {});
}
