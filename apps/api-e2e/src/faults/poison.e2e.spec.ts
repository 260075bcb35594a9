import { randomUUID } from 'node:crypto';
import { arrangeAgent, arrangeOrganization, HttpClient, startSystem, type System } from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowAll } from '../support/policies.ts';
import { connectAsSuperuser } from '../support/recorded-ledger.ts';

const ROUNDS = 200;
const GOOD = 99;

/** What a database says of what it was given, of our statements, and of itself: each may be one request's doing. */
const STATES = ['P0001', '22003', '42804', 'XX000'] as const;

let system: System;
let client: HttpClient;

/**
 * An action that only Postgres can refuse, in the middle of a batch. Nothing an agent can send is known to do that,
 * which is why the database has to be taught one.
 */
async function teachPoison(url: string): Promise<void> {
  const sql = connectAsSuperuser(url);
  try {
    await sql`create function public.refuse_poison() returns trigger language plpgsql as $$
      declare state text := substring(new.payload from 'poison-pill-(.....)');
      begin if state is not null then raise exception 'poison' using errcode = state; end if; return new; end $$`;
    await sql`create trigger poison before insert on ledger.payloads for each row execute function public.refuse_poison()`;
  } finally {
    await sql.end();
  }
}

beforeAll(async () => {
  system = await startSystem();
  await teachPoison(system.database.superuserUrl);
  const organization = await arrangeOrganization(system.operator, ['shop']);
  const { key } = await arrangeAgent(system.operator, organization, { team: 'shop', policy: allowAll });
  client = new HttpClient(system.apis[0]?.url ?? '', key, 100);
});
afterAll(async () => {
  client.close();
  await system.stop();
});

const ask = (target: string) => client.post('/v1/decisions', { requestId: randomUUID(), intent: 'shop.buy', target });

describe('one action among a hundred that makes its batch fail', () => {
  it(`I3: is refused itself, and all ${GOOD} others are decided, ${ROUNDS} rounds`, async () => {
    let decided = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const place = Math.floor(Math.random() * GOOD);
      const poison = `poison-pill-${STATES[round % STATES.length]}`;
      const targets = Array.from({ length: GOOD + 1 }, (_, index) => (index === place ? poison : 'mug-blue'));
      const answers = await Promise.all(targets.map(ask));
      const good = answers.filter((_, index) => index !== place);
      expect(good.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([]);
      decided += good.length;
      expect(answers[place]).toMatchObject({ status: 422, body: { code: 'decision.failed' } });
    }
    console.log(`poison: ${ROUNDS} rounds, ${decided} good actions decided, ${ROUNDS * GOOD - decided} lost`);
    expect(decided).toBe(ROUNDS * GOOD);
  });
});
