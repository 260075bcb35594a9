import { describeLedger } from '@countersign/ledger-testing';
import { openLedgers } from './ledgers.mother.ts';

const ledgers = openLedgers();

describeLedger('PostgresLedger', {
  open: async () => ledgers().ledger,
  prepare: (organizationId) => ledgers().open(organizationId),
  // Nobody sets the machine's clock back for a test; to this ledger it is the same if its head is ahead.
  stepBack: async (organizationId, milliseconds) =>
    void (await ledgers().as.superuser`
      update ledger.heads
         set recorded_at = floor(extract(epoch from clock_timestamp()) * 1000)::bigint + ${milliseconds}::int
       where organization_id = ${organizationId}`),
});
