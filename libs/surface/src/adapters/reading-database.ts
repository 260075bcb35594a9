import { inTenant, type Sql, type Transaction } from '@countersign/postgres';

/** The pool for reading, so that no look at a list can take the connection that a decision needs. */
export class ReadingDatabase {
  constructor(readonly reads: Sql) {}

  inTenant<Result>(organizationId: string, work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return inTenant(this.reads, organizationId, work);
  }
}
