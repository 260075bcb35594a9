import { createHash } from 'node:crypto';
import type { IdentityDatabase } from '@countersign/prisma';
import { Attempts, type Count } from '../application/attempts.ts';

/** Attempts in `identity.attempts`, by Postgres' clock. Each is one statement, so rows lock and nothing else does. */
export class PostgresAttempts extends Attempts {
  constructor(private readonly database: IdentityDatabase) {
    super();
  }

  async count({ key, limit: { max, windowSeconds, lockSeconds } }: Count): Promise<number> {
    const [row] = await this.database.$queryRaw<{ count: number; seconds: number }[]>`
      insert into identity.attempts as known (key, count, resets_at)
      values (${hashOf(key)}, 1, now() + make_interval(secs => ${windowSeconds}))
      on conflict (key) do update set
        count = case when known.resets_at <= now() then 1 else least(known.count, ${max}) + 1 end,
        resets_at = case when known.resets_at <= now() then now() + make_interval(secs => ${windowSeconds})
                         when known.count + 1 = ${max} then now() + make_interval(secs => ${lockSeconds})
                         else known.resets_at end
      returning count, extract(epoch from resets_at - now())::float8 as seconds`;
    if (!row) throw new Error('an insert returned no row');
    if (row.count === 1) await this.#sweep();
    return row.count <= max ? 0 : Math.max(1, Math.ceil(row.seconds));
  }

  async takeBack(key: string): Promise<void> {
    await this.database.$executeRaw`
      update identity.attempts set count = count - 1 where key = ${hashOf(key)} and count > 0`;
  }

  async forget(key: string): Promise<void> {
    await this.database.$executeRaw`delete from identity.attempts where key = ${hashOf(key)}`;
  }

  /** Whoever adds a row takes away up to two that are over, so the table cannot grow for ever. */
  async #sweep(): Promise<void> {
    await this.database.$executeRaw`
      delete from identity.attempts where key in (
        select key from identity.attempts where resets_at < now() order by resets_at limit 2 for update skip locked)`;
  }
}

const hashOf = (key: string): Uint8Array<ArrayBuffer> => Uint8Array.from(createHash('sha256').update(key).digest());
