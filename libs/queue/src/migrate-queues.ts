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

const grants = [
  // BullMQ makes a sequence for each queue when its first job comes.
  'grant usage, create on schema bullmq to countersign_app',
  'grant select, insert, update, delete on all tables in schema bullmq to countersign_app',
  'grant usage, select, update on all sequences in schema bullmq to countersign_app',
];
