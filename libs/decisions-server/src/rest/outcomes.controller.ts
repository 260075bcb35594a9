import { problemBody, ProblemAnswer, readWire } from '@countersign/http';
import { OutcomeReport, type OutcomeRejection } from '@countersign/decisions';
import { unreachable, type DecisionId } from '@countersign/kernel';
import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import type { z } from 'zod';
import { Extension } from '../application/extension.ts';
import type { Caller } from '../application/pending.ts';
import { Reports } from '../application/reports.ts';
import { agentProblem } from './agent-problems.ts';
import { AgentGuard, CallingAgent } from './agent.guard.ts';
import { faultProblem } from './fault-problem.ts';
import { extensionView, OutcomeOfMany, outcomeView, type OutcomeView } from './outcome.view.ts';
import { noSuchDecision, readDecisionId } from './parameters.ts';
import { BATCH_MAX, readBody, readList, readNothing, refuseLargeResult } from './request-body.ts';

@Controller('v1')
@UseGuards(AgentGuard)
export class OutcomesController {
  constructor(private readonly reports: Reports) {}

  @Post('decisions/:id/outcome')
  @HttpCode(200)
  async report(@CallingAgent() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<OutcomeView> {
    const decisionId = readDecisionId(id);
    return this.#report(caller, decisionId, readReport(OutcomeReport, readBody(body)));
  }

  @Post('outcomes/batch')
  @HttpCode(200)
  async reportBatch(@CallingAgent() caller: Caller, @Body() body: unknown) {
    const outcomes = readList(readBody(body, 'batch'), 'outcomes', BATCH_MAX);
    return { results: await Promise.all(outcomes.map((outcome) => this.#reportOneOf(caller, outcome))) };
  }

  @Post('decisions/:id/extend')
  @HttpCode(200)
  async extend(@CallingAgent() caller: Caller, @Param('id') id: string, @Body() body: unknown) {
    const decisionId = readDecisionId(id);
    const extension = readWire(Extension, readBody(body));
    const answer = await this.reports.extend(caller, decisionId, extension).catch((error: unknown) => {
      throw faultProblem(error);
    });
    if (answer.kind === 'extended') return extensionView(decisionId, answer);
    if (answer.rejection.code === 'decision.not_found') throw noSuchDecision();
    throw agentProblem(answer.rejection.code, 'only an allowed action whose hold is open can be extended');
  }

  @Post('decisions/:id/cancel')
  @HttpCode(200)
  async cancel(@CallingAgent() caller: Caller, @Param('id') id: string, @Body() body: unknown) {
    const decisionId = readDecisionId(id);
    readNothing(body);
    const answer = await this.reports.cancel(caller, decisionId).catch((error: unknown) => {
      throw faultProblem(error);
    });
    if (answer.kind === 'cancelled') return { id: decisionId, state: 'cancelled' };
    if (answer.rejection.code === 'decision.not_found') throw noSuchDecision();
    throw agentProblem(answer.rejection.code, 'only an ask that waits for people can be cancelled');
  }

  async #report(caller: Caller, decisionId: DecisionId, report: OutcomeReport): Promise<OutcomeView> {
    const answer = await this.reports.report(caller, decisionId, report).catch((error: unknown) => {
      throw faultProblem(error);
    });
    if (answer.kind === 'refused') throw outcomeProblem(answer.rejection);
    return outcomeView(decisionId, answer);
  }

  async #reportOneOf(caller: Caller, value: unknown) {
    try {
      const { decisionId, ...report } = readReport(OutcomeOfMany, value);
      refuseLargeResult(report.result);
      return { ok: true as const, outcome: await this.#report(caller, decisionId, report) };
    } catch (error) {
      if (error instanceof ProblemAnswer) return { ok: false as const, problem: problemBody(error.problem) };
      throw error;
    }
  }
}

/** A report that contradicts itself is not one that cannot be read: it has a status and a code of its own. */
function readReport<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  try {
    return readWire(schema, value);
  } catch (error) {
    const { errors = [], detail = '' } = error instanceof ProblemAnswer ? error.problem : {};
    const code = 'outcome.cancelled_with_cost';
    if (errors.length === 0 || errors.some((each) => each.code !== code)) throw error;
    throw agentProblem(code, detail, { errors });
  }
}

function outcomeProblem(rejection: OutcomeRejection): ProblemAnswer {
  switch (rejection.code) {
    case 'decision.not_found':
      return noSuchDecision();
    case 'outcome.not_allowed':
      return agentProblem(rejection.code, `the verdict was \`${rejection.verdict}\`: there is no outcome to report`);
    case 'outcome.already_reported':
      return agentProblem(
        rejection.code,
        `this action was already reported as \`${rejection.status}\`, with other words`,
      );
    default:
      return unreachable(rejection);
  }
}
