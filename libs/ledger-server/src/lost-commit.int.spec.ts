import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { nodeCrypto } from '@countersign/crypto';
import { newEvent, newOrganizationId } from '@countersign/ledger-testing';
import type { OrganizationId } from '@countersign/kernel';
import { createPools, type Pools } from '@countersign/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedgers } from './ledgers.mother.ts';
import { NotCommitted } from './lost-commit.ts';
import { PostgresLedger } from './postgres-ledger.ts';

const ledgers = openLedgers();

/** When the next COMMIT comes by: cut the connection before the server gets it, or once the server has answered it. */
type Cut = 'before' | 'after' | 'never';

/** The driver names a statement when it first sends it, and from then on only binds the name. */
function commitWatcher(): (bytes: Buffer) => boolean {
  let bound: string | null = null;
  return (bytes) => {
    const text = bytes.toString('latin1');
    const parsed = /([a-z0-9]+)\0commit\0/.exec(text)?.[1];
    bound = parsed ?? bound;
    return parsed !== undefined || (bound !== null && text.includes(`\0${bound}\0`));
  };
}

/** Stands between the app and Postgres and cuts a connection at the moment that matters. */
class CuttingProxy {
  next: Cut = 'never';
  cuts = 0;
  readonly #server: Server;

  constructor(private readonly target: URL) {
    this.#server = createServer((client) => this.#join(client));
  }

  async url(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    const url = new URL(this.target);
    url.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    return url.href;
  }

  close(): void {
    this.#server.close();
  }

  #join(client: Socket): void {
    const server = createConnection(Number(this.target.port), this.target.hostname);
    let isCutting = false;
    const isCommitting = commitWatcher();
    const cut = () => {
      this.cuts += 1;
      client.destroy();
      server.destroy();
    };
    client.on('data', (bytes) => {
      const isCommit = isCommitting(bytes) && this.next !== 'never';
      if (isCommit && this.next === 'before') return this.#once(cut);
      if (isCommit) this.#once(() => (isCutting = true));
      server.write(bytes);
    });
    // Nothing of what the server says from now on arrives: the COMMIT was done, and its caller cannot know.
    server.on('data', (bytes) => (isCutting ? bytes.includes('COMMIT') && cut() : client.write(bytes)));
    client.on('close', () => server.destroy()).on('error', () => server.destroy());
    server.on('close', () => client.destroy()).on('error', () => client.destroy());
  }

  #once(act: () => void): void {
    this.next = 'never';
    act();
  }
}

let proxy: CuttingProxy;
let pools: Pools;
let ledger: PostgresLedger;

beforeAll(async () => {
  const { database, transactions } = ledgers();
  proxy = new CuttingProxy(new URL(database.appUrl));
  pools = createPools(await proxy.url(), { decisions: 2, commands: 2, reads: 2 });
  ledger = new PostgresLedger({ commands: pools.commands, reads: pools.reads, transactions, crypto: nodeCrypto });
});

afterAll(async () => {
  await pools.end();
  proxy.close();
});

async function openOrganization(): Promise<OrganizationId> {
  const organization = newOrganizationId();
  await ledgers().open(organization);
  return organization;
}

const refunds = (from: number) => [0, 1, 2].map((n) => newEvent({ stream: 'order-1', streamVersion: from + n }));

describe('I1: a connection cut at COMMIT', () => {
  it('before the server has it: 20 of 20 callers hear that nothing was recorded, and nothing is', async () => {
    const organization = await openOrganization();
    const cutsBefore = proxy.cuts;
    for (let round = 0; round < 20; round += 1) {
      proxy.next = 'before';
      await expect(ledger.append(organization, refunds(1))).rejects.toBeInstanceOf(NotCommitted);
    }
    expect(proxy.cuts - cutsBefore).toBe(20);
    expect((await ledgers().ledger.head(organization)).size).toBe(0);
    await expect(ledger.append(organization, refunds(1))).resolves.toHaveLength(3);
  });

  it('after the server did it: 20 of 20 callers get the answer, and each event is there once', async () => {
    const organization = await openOrganization();
    const answered = [];
    const cutsBefore = proxy.cuts;
    for (let round = 0; round < 20; round += 1) {
      proxy.next = 'after';
      answered.push(...(await ledger.append(organization, refunds(1 + 3 * round))));
    }
    expect(proxy.cuts - cutsBefore).toBe(20);
    expect(await ledgers().ledger.readPositions(organization, { from: 0, limit: 100 })).toEqual(answered);
  });

  it('is told apart from an append that Postgres refused', async () => {
    const organization = await openOrganization();
    await ledger.append(organization, refunds(1));
    const clash = ledgers().transactions.run(pools.commands, organization, {
      load: () => [],
      decide: async () => ({
        events: refunds(1),
        configurationIndex: -1,
        requestKeys: [],
        write: () => [],
        result: () => null,
      }),
    });
    await expect(clash).rejects.toMatchObject({ code: '23505' });
  });
});
