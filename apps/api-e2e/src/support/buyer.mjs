// A client in a process of its own, made to be killed with no time for last words. Asks for the same action again and
// again, each time anew, and writes a line for every decision that it was told.
//
//   node buyer.mjs URL KEY ACTION AT_ONCE
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const [url = '', key = '', action = '{}', atOnce = '1'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(atOnce) });
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };

/** Null for whatever is no decision. */
function ask(requestId) {
  return new Promise((resolve) => {
    const sent = request(new URL('/v1/decisions', url), { method: 'POST', headers, agent }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', () => resolve(null));
      response.on('end', () => resolve(response.statusCode === 200 ? JSON.parse(Buffer.concat(chunks)) : null));
    });
    sent.on('error', () => resolve(null));
    sent.end(JSON.stringify({ requestId, ...JSON.parse(action) }));
  });
}

async function buy() {
  for (;;) {
    const requestId = randomUUID();
    const decision = await ask(requestId);
    // At once and as a whole: what was acknowledged must be known, whenever the process ends.
    if (decision) writeSync(1, `${JSON.stringify({ requestId, decision, attempts: 1 })}\n`);
    else await pause(30);
  }
}

// Should whoever was to kill it be gone, it must not ask for ever.
setTimeout(() => process.exit(2), 120_000).unref();
for (let index = 0; index < Number(atOnce); index += 1) void buy();
