import type { Sql } from '@countersign/postgres';
import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { ApprovalRows } from './adapters/approval-rows.ts';
import { DecisionRows } from './adapters/decision-rows.ts';
import { GrantRows } from './adapters/grant-rows.ts';
import { MembershipRows } from './adapters/membership-rows.ts';
import { MoneyRows } from './adapters/money-rows.ts';
import { OrganizationRows } from './adapters/organization-rows.ts';
import { ReadingDatabase } from './adapters/reading-database.ts';
import { StreamRows } from './adapters/stream-rows.ts';
import { ApprovalCommands } from './application/approval-commands.ts';
import { ApprovalElectorates } from './application/approval-electorates.ts';
import { ApprovalHistories } from './application/approval-history.ts';
import { ApprovalList } from './application/approval-list.ts';
import { ApprovalsForPeople } from './application/approvals-for-people.ts';
import { BudgetList } from './application/budget-list.ts';
import { BudgetOutlook } from './application/budget-outlook.ts';
import { Configurator } from './application/configurator.ts';
import { DecisionList } from './application/decision-list.ts';
import { DecisionRecords } from './application/decision-record.ts';
import { Inventory } from './application/inventory.ts';
import { Invitations } from './application/invitations.ts';
import { LikeApprovals } from './application/like-approvals.ts';
import { MemberList } from './application/member-list.ts';
import { PublicationList } from './application/publication-list.ts';
import { SecretCommands } from './application/secret-commands.ts';
import { StopList } from './application/stop-list.ts';

/** What an app hands to what the surfaces share. */
export interface SurfaceFoundations {
  /** The pool for reading. */
  readonly reads: Sql;
  /** Modules that export `Ledger`, `LedgerAccess`, `Commands`, `Configurations`, `People`, `InvitationMails` and `EndpointSecrets`. */
  readonly imports: NonNullable<ModuleMetadata['imports']>;
}

/** What the surfaces for people share. */
@Module({})
export class SurfaceModule {
  static over({ reads, imports }: SurfaceFoundations): DynamicModule {
    const rows = [ApprovalRows, DecisionRows, GrantRows, MembershipRows, MoneyRows, OrganizationRows, StreamRows];
    const parts = [
      ...[ApprovalCommands, ApprovalElectorates, ApprovalHistories, ApprovalList, ApprovalsForPeople, LikeApprovals],
      BudgetList,
      BudgetOutlook,
      Configurator,
      DecisionList,
      DecisionRecords,
      Inventory,
      Invitations,
      MemberList,
      SecretCommands,
      PublicationList,
      StopList,
    ];
    return {
      module: SurfaceModule,
      global: true,
      imports,
      providers: [{ provide: ReadingDatabase, useValue: new ReadingDatabase(reads) }, ...rows, ...parts],
      exports: [ReadingDatabase, ...rows, ...parts],
    };
  }
}
