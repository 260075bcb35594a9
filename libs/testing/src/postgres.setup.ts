import { createHash, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { startEmbeddedPostgres, temporaryDataDirectory } from '@countersign/embedded';
import { migrate } from '@countersign/migrations';
import type { TestProject } from 'vitest/node';
import { administrate } from './administrate.ts';
import { withDatabase, type TestServer } from './test-server.ts';

type Server = Omit<TestServer, 'template'> & { close(): Promise<void> };

/**
 * One Postgres and one migrated template per run of vitest: `TEST_DATABASE_URL` when it is set (its role must be able
 * to create roles and databases), an embedded one in a temporary folder otherwise.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const { close, ...server } = given ? givenServer(given) : await ownServer();
  const template = `template_${randomUUID().replaceAll('-', '')}`;
  const templateUrl = withDatabase(server.adminUrl, template);
  await administrate(server.adminUrl, `create database ${template}`);
  await migrate(templateUrl, { appPassword: server.appPassword });
  project.provide('testServer', { ...server, template });
  return async () => {
    await administrate(server.adminUrl, `drop database ${template} with (force)`);
    await close();
  };
}

/** The role is shared by every run on that server, so its password follows from the server's own. */
function givenServer(adminUrl: string): Server {
  const appPassword = createHash('sha256')
    .update(`countersign tests ${new URL(adminUrl).password}`)
    .digest('hex');
  return { adminUrl, appPassword, superuserUrl: null, close: () => Promise.resolve() };
}

async function ownServer(): Promise<Server> {
  const directory = await temporaryDataDirectory();
  const { adminUrl, appPassword, superuserUrl, stop } = await startEmbeddedPostgres(directory);
  const close = async (): Promise<void> => {
    await stop();
    await rm(directory.path, { recursive: true, force: true });
  };
  return { adminUrl, appPassword, superuserUrl, close };
}
