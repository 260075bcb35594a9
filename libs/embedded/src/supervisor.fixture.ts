// A supervisor in a process of its own, for the specs to kill: prints what it started and stays until it is told to end.
import { lockDataDirectory, startEmbeddedPostgres } from './index.ts';

const directory = await lockDataDirectory(process.argv[2] ?? '');
const { adminUrl, pid, port, stop } = await startEmbeddedPostgres(directory);
process.on(
  'SIGTERM',
  () =>
    void stop()
      .then(() => directory.release())
      .then(() => process.exit(0)),
);
console.log(JSON.stringify({ adminUrl, pid, port, uid: process.getuid?.() }));
setInterval(() => undefined, 60_000);
