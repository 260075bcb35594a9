import { runMigrations } from 'bullmq';
import pg from 'pg';

/**
 * Brings BullMQ's own tables (schema `bullmq`) to the version this installation has, and lets the app role use them.
 *
 * The owner does it, so that the app role owns no table. It must have happened before any worker exists: without its
 * tables a worker spins at full speed and only SIGKILL ends it. Two at once take turns.
 */
export async function migrateQueues(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'countersign migrate' });
  await client.connect();
  try {
    await runMigrations(client, 'bullmq');
    for (const statement of grants) await client.query(statement);
  } finally {
    await client.end();
  }
}

// BullMQ makes a sequence for each queue when its first job comes; those belong to the app role already, and a grant
// on what somebody else owns is an error, so only our own are named.
const grantOwnSequences = `do $$
  declare own regclass;
  begin
    for own in select c.oid::regclass from pg_class c join pg_roles r on r.oid = c.relowner
                where c.relnamespace = 'bullmq'::regnamespace and c.relkind = 'S' and r.rolname = current_user loop
      execute format('grant usage, select, update on sequence %s to countersign_app', own);
    end loop;
  end $$`;

const grants = [
  'grant usage, create on schema bullmq to countersign_app',
  'grant select, insert, update, delete on all tables in schema bullmq to countersign_app',
  grantOwnSequences,
];
