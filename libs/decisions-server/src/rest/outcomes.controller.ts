import { problemBody, ProblemAnswer, readWire, refuse } from '@countersign/http';
import { OutcomeReport, type OutcomeRejection, type OutcomeReported } from '@countersign/decisions';
import { toIso, unreachable, type DecisionId } from '@countersign/kernel';
import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { Extension } from '../application/extension.ts';
import type { Caller } from '../application/pending.ts';
import { Reports } from '../application/reports.ts';
import { AgentGuard, CallingAgent } from './agent.guard.ts';
import { faultProblem } from './fault-problem.ts';
import { noSuchDecision, readDecisionId } from './parameters.ts';
import { readBody, readList } from './request-body.ts';

/** The most outcomes one request may carry. */
const BATCH_MAX = 500;

/** What a hold came to, as its agent reads it. */
interface OutcomeView {
  readonly decisionId: string;
  readonly status: OutcomeReported['status'];
  readonly unreported: boolean;
  readonly late: boolean;
  readonly settled: Readonly<Record<string, string>>;
  readonly position: number;
  readonly repeat: boolean;
}

@Controller('v1')
@UseGuards(AgentGuard)
export class OutcomesController {
  constructor(private readonly reports: Reports) {}

  @Post('decisions/:id/outcome')
  @HttpCode(200)
  report(@CallingAgent() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<OutcomeView> {
    return this.#report(caller, readDecisionId(id), readBody(body));
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
    const extension = readWire(Extension, readBody(body));
    const decisionId = readDecisionId(id);
    const answer = await this.reports.extend(caller, decisionId, extension).catch((error: unknown) => {
      throw faultProblem(error);
    });
    if (answer.kind === 'refused') {
      if (answer.rejection.code === 'extension.decision_not_found') throw noSuchDecision();
      throw refuse(409, answer.rejection.code, 'Not running', 'only an allowed action whose hold is open can be extended');
    }
    const { verdict, reasons, expiresAt, retryAt } = answer;
    return { decisionId, verdict, reasons, expiresAt: toIso(expiresAt), retryAt: retryAt === null ? null : toIso(retryAt) };
  }

  @Post('decisions/:id/cancel')
  @HttpCode(200)
  async cancel(@CallingAgent() caller: Caller, @Param('id') id: string) {
    const answer = await this.reports.cancel(caller, readDecisionId(id)).catch((error: unknown) => {
      throw faultProblem(error);
    });
    if (answer.kind === 'cancelled') return { id, state: 'cancelled' };
    if (answer.rejection.code === 'ask.not_found') throw noSuchDecision();
    throw refuse(409, answer.rejection.code, 'Not pending', 'only an ask that waits for people can be cancelled');
  }

  async #report(caller: Caller, decisionId: DecisionId, value: unknown): Promise<OutcomeView> {
    const report = readWire(OutcomeReport, value);
    const answer = await this.reports.report(caller, decisionId, report).catch((error: unknown) => {
      throw faultProblem(error);
    });
    if (answer.kind === 'refused') throw outcomeProblem(answer.rejection);
    const { outcome, settled, position, isRepeat } = answer;
    const { status, isUnreported: unreported, isLate: late } = outcome;
    return { decisionId, status, settled, unreported, late, position, repeat: isRepeat };
  }

  async #reportOneOf(caller: Caller, value: unknown) {
    try {
      const { decisionId, ...report } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
      const outcome = await this.#report(caller, readDecisionId(String(decisionId)), report);
      return { ok: true as const, outcome };
    } catch (error) {
      if (error instanceof ProblemAnswer) return { ok: false as const, problem: problemBody(error.problem) };
      throw error;
    }
  }
}

function outcomeProblem(rejection: OutcomeRejection): ProblemAnswer {
  switch (rejection.code) {
    case 'outcome.decision_not_found':
      return noSuchDecision();
    case 'outcome.not_allowed':
      return refuse(409, rejection.code, 'Was not allowed', `the verdict was \`${rejection.verdict}\`: there is no outcome to report`);
    case 'outcome.already_reported':
      return refuse(409, rejection.code, 'Already reported', `this action was already reported as \`${rejection.status}\`, with other words`);
    default:
      return unreachable(rejection);
  }
}
