import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import type { Sql } from '@countersign/postgres';
import { DecisionRows } from './adapters/decision-rows.ts';
import { ExpiredHoldRows } from './adapters/expired-hold-rows.ts';
import { MoneyRows } from './adapters/money-rows.ts';
import { OperatorDatabase } from './adapters/operator-database.ts';
import { OrganizationRows } from './adapters/organization-rows.ts';
import { CommandRunner } from './application/command-runner.ts';
import { Configurator } from './application/configurator.ts';
import { DecisionList } from './application/decision-list.ts';
import { DecisionRecords } from './application/decision-record.ts';
import { HoldList } from './application/hold-list.ts';
import { Inventory } from './application/inventory.ts';
import { OperatorTokens } from './application/operator-tokens.ts';
import { StateCheck } from './application/state-check.ts';
import { CommandsController } from './rest/commands.controller.ts';
import { DecisionsController } from './rest/decisions.controller.ts';
import { InventoryController } from './rest/inventory.controller.ts';
import { LedgerController } from './rest/ledger.controller.ts';
import { MoneyController } from './rest/money.controller.ts';
import { News } from './rest/news.ts';
import { OperatorGuard } from './rest/operator.guard.ts';
import { OrganizationFinder } from './rest/organization-finder.ts';
import { OrganizationsController } from './rest/organizations.controller.ts';
import { StateController } from './rest/state.controller.ts';

/** What an app hands to the operator's surface. */
export interface OperatorSurface {
  /** The pool for reading. */
  readonly reads: Sql;
  readonly tokens: OperatorTokens;
  /**
   * Modules that export the ports this surface acts through: `Ledger`, `LedgerAccess`, `SigningKeyRotation`, `Commands`,
   * `Configurations`, `HoldCorrections`, `EnforcementSnapshots` and `AgentAttempts`.
   */
  readonly imports: NonNullable<ModuleMetadata['imports']>;
}

/** The operator's REST surface, `/operator/…`: what the CLI speaks to until people can sign in. */
@Module({})
export class OperatorModule {
  static over({ reads, tokens, imports }: OperatorSurface): DynamicModule {
    return {
      module: OperatorModule,
      imports,
      controllers: [
        OrganizationsController,
        CommandsController,
        InventoryController,
        MoneyController,
        DecisionsController,
        LedgerController,
        StateController,
      ],
      providers: [
        { provide: OperatorDatabase, useValue: new OperatorDatabase(reads) },
        { provide: OperatorTokens, useValue: tokens },
        ...[DecisionRows, ExpiredHoldRows, MoneyRows, OrganizationRows],
        ...[CommandRunner, Configurator, DecisionList, DecisionRecords, HoldList, Inventory, StateCheck],
        ...[News, OperatorGuard, OrganizationFinder],
      ],
    };
  }
}
