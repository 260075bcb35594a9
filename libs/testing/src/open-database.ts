import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { administrate } from './administrate.ts';
import { withDatabase, withRole } from './test-server.ts';

/** A migrated database that nobody else uses. */
export interface TestDatabase {
  /** The owner's URL: for arranging what the app could not, and for looking on from outside. */
  readonly adminUrl: string;
  /** The URL the code under test is to use: role `countersign_app`, bound by row-level security. */
  readonly appUrl: string;
  /** Null on a given server. The only role the database refuses nothing. */
  readonly superuserUrl: string | null;
  /** Cuts whatever connections are left and removes the database. */
  drop(): Promise<void>;
}

/**
 * Clones the migrated template; call it in `beforeAll` and `drop()` in `afterAll`. About 100 ms.
 * To look into one after a failure, run the spec with `TEST_DATABASE_URL` and `KEEP_TEST_DATABASES=1`: dropping then
 * prints the URL instead.
 */
export async function openDatabase(): Promise<TestDatabase> {
  const { adminUrl, appPassword, superuserUrl, template } = inject('testServer');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administrate(adminUrl, `create database ${name} template ${template}`);
  const ownUrl = withDatabase(adminUrl, name);
  return {
    adminUrl: ownUrl,
    appUrl: withRole(ownUrl, 'countersign_app', appPassword),
    superuserUrl: superuserUrl && withDatabase(superuserUrl, name),
    drop: async () => {
      if (process.env['KEEP_TEST_DATABASES']) return console.log(`kept ${ownUrl}`);
      // Cutting off the app's sessions takes more than owning the database.
      await administrate(superuserUrl ?? adminUrl, `drop database if exists ${name} with (force)`);
    },
  };
}
