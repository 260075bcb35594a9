// Stands in for the api where the supervisor is what is tested: answers everything, and says how it was started.
import { createServer } from 'node:http';

if (process.env.FAKE_API_FAILS) {
  console.error('invalid api configuration\n  PRINTER: is out of paper');
  process.exit(1);
}
const { DATABASE_URL, DATABASE_ADMIN_URL, COUNTERSIGN_DATA_DIR } = process.env;
const answers = {
  '/health': { status: 'ok' },
  '/self': { pid: process.pid, DATABASE_URL, DATABASE_ADMIN_URL, COUNTERSIGN_DATA_DIR },
};
const server = createServer(({ url }, response) => response.end(JSON.stringify(answers[url] ?? { key: 'csk_fake' })));
server.listen(Number(process.env.API_PORT), '127.0.0.1');
process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
