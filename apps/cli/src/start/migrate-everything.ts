import { migrate } from '@countersign/migrations';
import { migrateQueues } from '@countersign/queue';

/** Our schemas first, because they make the role that the queue's tables are granted to. Gives what was applied. */
export async function migrateEverything(adminUrl: string, appPassword: string | undefined): Promise<string[]> {
  const applied = await migrate(adminUrl, appPassword === undefined ? {} : { appPassword });
  await migrateQueues(adminUrl);
  return applied;
}
