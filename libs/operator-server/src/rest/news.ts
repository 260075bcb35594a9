import type { OrganizationId } from '@countersign/kernel';
import { Ledger } from '@countersign/ledger';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { setTimeout as pause } from 'node:timers/promises';
import { type DecisionPage } from '@countersign/surface';
import { OperatorGuard } from './operator.guard.ts';

/** How often a waiting request looks for news. Reading a head is one row by its key. */
const LOOK_MILLISECONDS = 250;

interface Watched {
  readonly organizationId: OrganizationId;
  readonly after: number;
  read(after: number): Promise<DecisionPage>;
}

/** Holds a request until something it asks for is there, or its time is over. */
@Injectable()
export class News {
  constructor(
    private readonly ledger: Ledger,
    private readonly guard: OperatorGuard,
  ) {}

  /** At each wake-up the token is looked at again: whoever lost it learns nothing more. */
  async firstPage(request: FastifyRequest, waitSeconds: number, watched: Watched): Promise<DecisionPage> {
    const deadline = performance.now() + waitSeconds * 1_000;
    let page = await watched.read(watched.after);
    while (page.decisions.length === 0 && performance.now() < deadline && !request.raw.destroyed) {
      await pause(LOOK_MILLISECONDS);
      const { size } = await this.ledger.head(watched.organizationId);
      if (size - 1 <= page.next) continue;
      await this.guard.actorOf(request);
      page = await watched.read(page.next);
    }
    return page;
  }
}
