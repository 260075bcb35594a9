import type { ProblemFilter } from '@countersign/http';
import type { INestApplicationContext } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../application/pending.ts';
import { AgentGuard } from './agent.guard.ts';
import { DecisionsController } from './decisions.controller.ts';
import { OutcomesController } from './outcomes.controller.ts';

type Call = (caller: Caller, request: FastifyRequest) => Promise<unknown>;

/**
 * Answers the calls that every action makes straight from Fastify: the framework's pipeline around a controller took as
 * long as deciding. The controllers stay where these calls are declared and what they do is written; guard, filter and
 * status are the same, and every test of these calls goes this way.
 */
export class DirectRoutes {
  #app: INestApplicationContext | null = null;

  constructor(private readonly problems: ProblemFilter) {}

  /** To be called before the controllers register their routes. */
  replaceHandlers(server: FastifyInstance): void {
    server.addHook('onRoute', (route) => {
      const open = route.method === 'POST' ? calls[route.url] : undefined;
      if (open) route.handler = this.#handler(open);
    });
  }

  /** Calls are answered from here on; earlier nothing listens. */
  answerFrom(app: INestApplicationContext): void {
    this.#app = app;
  }

  #handler(open: (app: INestApplicationContext) => Call) {
    let parts: { readonly guard: AgentGuard; readonly call: Call } | null = null;
    return (request: FastifyRequest, reply: FastifyReply): void => {
      const app = this.#app as INestApplicationContext;
      const { guard, call } = (parts ??= { guard: app.get(AgentGuard, { strict: false }), call: open(app) });
      answer(guard, call, request).then(
        (text) => void reply.type('application/json; charset=utf-8').send(text),
        (error: unknown) => this.problems.answer(error, reply),
      );
    };
  }
}

async function answer(guard: AgentGuard, call: Call, request: FastifyRequest): Promise<string> {
  return JSON.stringify(await call(await guard.callerOf(request), request));
}

/** By the path that the controller declares. */
const calls: Readonly<Record<string, (app: INestApplicationContext) => Call>> = {
  '/v1/decisions': (app) => {
    const controller = app.get(DecisionsController, { strict: false });
    return (caller, { body }) => controller.decide(caller, body);
  },
  '/v1/decisions/batch': (app) => {
    const controller = app.get(DecisionsController, { strict: false });
    return (caller, { body }) => controller.decideBatch(caller, body);
  },
  '/v1/decisions/:id/outcome': (app) => {
    const controller = app.get(OutcomesController, { strict: false });
    return (caller, { params, body }) => controller.report(caller, (params as { id: string }).id, body);
  },
};
