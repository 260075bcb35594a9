import { nodeCrypto } from '@countersign/crypto';
import { ExpireHolds } from '@countersign/decisions-server';
import { HeadTransactions, preparePayloadMonths } from '@countersign/ledger-server';
import type { Pools } from '@countersign/postgres';
import type { Queues } from '@countersign/queue';
import type { DynamicModule } from '@nestjs/common';
import { Chores, type DoChore } from './chores.ts';

export interface WorkerFoundations {
  readonly pools: Pools;
  readonly queues: Queues;
  readonly sweepSeconds: number;
}

/** Everything the worker does, put together. */
export class WorkerModule {
  static with({ pools, queues, sweepSeconds }: WorkerFoundations): DynamicModule {
    const transactions = new HeadTransactions(nodeCrypto, Date.now);
    const expireHolds = new ExpireHolds(pools.commands, transactions);
    const doChore: DoChore = {
      'expire-holds': () => expireHolds.sweep(),
      'prepare-months': () => preparePayloadMonths(pools.reads),
    };
    return {
      module: WorkerModule,
      providers: [{ provide: Chores, useValue: new Chores(queues, doChore, sweepSeconds) }],
    };
  }
}
