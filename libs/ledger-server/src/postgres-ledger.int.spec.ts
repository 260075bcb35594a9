import { describeLedger } from '@countersign/ledger-testing';
import { openLedgers } from './ledgers.mother.ts';

const ledgers = openLedgers();

describeLedger(
  'PostgresLedger',
  async () => ledgers().ledger,
  (organizationId) => ledgers().open(organizationId),
);
