import { nodeCrypto } from '@countersign/crypto';
import { DecisionsModule } from '@countersign/decisions-server';
import { HeadTransactions } from '@countersign/ledger-server';
import type { Pools } from '@countersign/postgres';
import type { DynamicModule } from '@nestjs/common';
import type { ApiConfig } from './config.ts';
import { HealthController } from './health.controller.ts';

/** Everything the api serves, put together. */
export class ApiModule {
  static with(_config: ApiConfig, pools: Pools): DynamicModule {
    const transactions = new HeadTransactions(nodeCrypto, Date.now);
    return {
      module: ApiModule,
      imports: [DecisionsModule.with({ pools, transactions })],
      controllers: [HealthController],
    };
  }
}
