import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { ExpiredHoldRows } from './adapters/expired-hold-rows.ts';
import { CommandRunner } from './application/command-runner.ts';
import { HoldList } from './application/hold-list.ts';
import { LedgerCommands } from './application/ledger-commands.ts';
import { OperatorTokens } from './application/operator-tokens.ts';
import { StateCheck } from './application/state-check.ts';
import { ApprovalsController } from './rest/approvals.controller.ts';
import { CommandsController } from './rest/commands.controller.ts';
import { DecisionsController } from './rest/decisions.controller.ts';
import { InventoryController } from './rest/inventory.controller.ts';
import { LedgerController } from './rest/ledger.controller.ts';
import { MembersController } from './rest/members.controller.ts';
import { MoneyController } from './rest/money.controller.ts';
import { News } from './rest/news.ts';
import { OperatorGuard } from './rest/operator.guard.ts';
import { OrganizationFinder } from './rest/organization-finder.ts';
import { OrganizationsController } from './rest/organizations.controller.ts';
import { PublicationsController } from './rest/publications.controller.ts';
import { RestoreController } from './rest/restore.controller.ts';
import { StateController } from './rest/state.controller.ts';
import { StopsController } from './rest/stops.controller.ts';

/** What an app hands to the operator's surface. */
export interface OperatorSurface {
  readonly tokens: OperatorTokens;
  /**
   * Modules that export the ports this surface acts through: `Ledger`, `LedgerAccess`, `SigningKeyRotation`,
   * `RestoredLedgers`, `Commands`, `Configurations`, `HoldCorrections`, `EnforcementSnapshots` and `AgentAttempts`, and
   * the module `SurfaceModule`.
   */
  readonly imports: NonNullable<ModuleMetadata['imports']>;
}

/** The operator's REST surface, `/operator/…`: what the CLI speaks to until people can sign in. */
@Module({})
export class OperatorModule {
  static over({ tokens, imports }: OperatorSurface): DynamicModule {
    return {
      module: OperatorModule,
      imports,
      controllers: [
        ApprovalsController,
        OrganizationsController,
        CommandsController,
        InventoryController,
        MembersController,
        PublicationsController,
        StopsController,
        MoneyController,
        DecisionsController,
        LedgerController,
        RestoreController,
        StateController,
      ],
      providers: [
        { provide: OperatorTokens, useValue: tokens },
        ...[ExpiredHoldRows, CommandRunner, HoldList, LedgerCommands, StateCheck],
        ...[News, OperatorGuard, OrganizationFinder],
      ],
    };
  }
}
