import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nodeCrypto } from '@countersign/crypto';
import { ExecuteCommand, ExpireHolds, ReadConfiguration, SweepApprovals } from '@countersign/decisions-server';
import { PrismaMailAddresses } from '@countersign/identity-server';
import { keepSecrets } from '@countersign/kept-secrets';
import { HeadTransactions, LedgerAccess } from '@countersign/ledger-server';
import { Mailer, type Mail } from '@countersign/mail';
import { openNotices, type NoticeFoundations } from '@countersign/notices-server';
import { createPools } from '@countersign/postgres';
import { openIdentityDatabase } from '@countersign/prisma';
import { connectQueues, type QueueAddress } from '@countersign/queue';
import { Webhook } from 'standardwebhooks';
import { at, type Operated } from './operator.fixture.ts';

export const SECRETS_KEY = 'a key for tests of more than 32 characters';

export interface Received {
  readonly path: string;
  readonly id: string;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A receiver on loopback. What it answers is asked for each request; 204 by default. */
export interface Receiver {
  readonly url: string;
  readonly all: readonly Received[];
  answer: (received: Received) => number;
  of(type: string): readonly Received[];
  close(): void;
}

export async function openReceiver(): Promise<Receiver> {
  const all: Received[] = [];
  const server = createServer((request, response) => {
    void read(request).then((received) => {
      all.push(received);
      response.writeHead(receiver.answer(received)).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    all,
    answer: () => 204,
    of: (type) => all.filter((each) => each.type === type),
    close: () => server.close(),
  };
  return receiver;
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const headers = request.headers as Record<string, string>;
  const { type, data } = JSON.parse(text) as Pick<Received, 'type' | 'data'>;
  return { path: request.url ?? '', id: headers['webhook-id'] ?? '', type, headers, text, data };
}

/** Whether the library of the Standard Webhooks takes it for genuine under the secret. */
export function isGenuine({ text, headers }: Received, secret: string): boolean {
  try {
    new Webhook(secret).verify(text, headers);
    return true;
  } catch {
    return false;
  }
}

class Postbox extends Mailer {
  readonly mails: Mail[] = [];
  override async send(mail: Mail): Promise<void> {
    this.mails.push(mail);
  }
}

export interface WorkerWish extends Partial<Pick<NoticeFoundations, 'patience'>> {
  readonly queues?: QueueAddress;
  readonly isPrivateAllowed?: boolean;
}

/** One worker's notices, with what else of its chores makes news. Jobs are done from `work()` on. */
export async function openWorker({ database }: Operated, wish: WorkerWish = {}) {
  const { patience, isPrivateAllowed = true } = wish;
  const pools = createPools(database.appUrl, { decisions: 1, commands: 4, reads: 4 });
  const identity = openIdentityDatabase(database.appUrl, { connections: 1 });
  const errors: string[] = [];
  const queues = await connectQueues(wish.queues ?? { databaseUrl: database.appUrl }, ({ message }) =>
    errors.push(message),
  );
  const transactions = new HeadTransactions(nodeCrypto, Date.now);
  const mailer = new Postbox();
  const notices = openNotices({
    pools,
    queues,
    configurations: new ReadConfiguration(pools.reads),
    commands: new ExecuteCommand(pools, transactions, null),
    checkpoints: new LedgerAccess(pools.reads, nodeCrypto),
    kept: keepSecrets([SECRETS_KEY]),
    addresses: new PrismaMailAddresses(identity),
    mailer,
    config: { consoleUrl: 'https://console.example', isPrivateAllowed, timeoutMs: 2_000 },
    ...(patience && { patience }),
  });
  const close = async () => {
    await queues.close();
    await Promise.all([pools.end(), identity.$disconnect()]);
  };
  return {
    notices,
    queues,
    mails: mailer.mails,
    errors,
    expireHolds: new ExpireHolds(pools.commands, transactions),
    sweepApprovals: new SweepApprovals(pools.commands, transactions),
    close,
  };
}
export type TestWorker = Awaited<ReturnType<typeof openWorker>>;

/** Adds an endpoint as the operator does; answers its id and its secret. */
export async function addEndpoint({ command }: Operated, organization: string, url: string, kinds: readonly string[]) {
  const { body, text } = await command(organization, { type: 'AddEndpoint', url, kinds });
  const events = body['events'] as readonly { data: { endpointId: string } }[] | undefined;
  const endpointId = events?.[0]?.data.endpointId;
  if (!endpointId) throw new Error(`no endpoint was added: ${text}`);
  return { endpointId, secret: String(body['secret']) };
}

export const organizationIdOf = async ({ call }: Operated, organization: string) =>
  String((await call('GET', at(organization))).body['id']);
