import { approvalTable, grantTable } from './approval-tables.ts';
import type { EnforcementTable } from './enforcement-table.ts';
import { counterTable, holdTable, rateTable } from './money-tables.ts';
import { liftedStopTable } from './people-tables.ts';

/** Many rows, read by key under the lock; configuration is read whole. */
export const keyedTables: readonly EnforcementTable<never, never>[] = [
  counterTable,
  holdTable,
  rateTable,
  approvalTable,
  grantTable,
  liftedStopTable,
] as never;
