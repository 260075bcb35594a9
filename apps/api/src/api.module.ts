import { DecisionsModule } from '@countersign/decisions-server';
import { OperatorModule, PrismaOperatorTokens } from '@countersign/operator-server';
import type { Pools } from '@countersign/postgres';
import type { IdentityDatabase } from '@countersign/prisma';
import type { DynamicModule } from '@nestjs/common';
import { HealthController } from './health.controller.ts';
import type { LedgerParts } from './ledger.parts.ts';

/** What the composition root opened, and closes again. */
export interface Foundations {
  readonly pools: Pools;
  readonly ledger: LedgerParts;
  readonly identity: IdentityDatabase;
}

/** Everything the api serves, put together. */
export class ApiModule {
  static with({ pools, ledger, identity }: Foundations): DynamicModule {
    const ledgerModule = { module: LedgerModule, global: true, providers: ledger.providers, exports: ledger.providers };
    const decisions = DecisionsModule.with({
      pools,
      transactions: ledger.transactions,
      openingEvent: (organizationId) => ledger.opening.firstEvent(organizationId),
    });
    const tokens = new PrismaOperatorTokens(identity);
    return {
      module: ApiModule,
      imports: [ledgerModule, decisions, OperatorModule.over({ reads: pools.reads, tokens, imports: [] })],
      controllers: [HealthController],
    };
  }
}

/** Gives the ledger's parts to every module. */
class LedgerModule {}
