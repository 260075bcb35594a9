import { uuidv7 } from '@countersign/crypto';
import { PASSWORD_LENGTH, People, type NewPerson, type Person, type Registration } from '@countersign/identity/people';
import type { IdentityDatabase } from '@countersign/prisma';
import type { Authentication } from './authentication.ts';
import { isPersonId } from './person-id.ts';

const seen = { id: true, name: true, email: true, emailVerified: true, twoFactorEnabled: true } as const;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly twoFactorEnabled: boolean;
}

/** People in `identity.users`, with their passwords where and as the authentication library keeps them. */
export class PrismaPeople extends People {
  constructor(
    private readonly database: IdentityDatabase,
    private readonly authentication: Authentication,
  ) {
    super();
  }

  async find(ids: readonly string[]): Promise<ReadonlyMap<string, Person>> {
    const rows = await this.database.user.findMany({ where: { id: { in: ids.filter(isPersonId) } }, select: seen });
    return new Map(rows.map((row) => [row.id, personOf(row)]));
  }

  async findByEmail(email: string): Promise<Person | null> {
    const row = await this.database.user.findUnique({ where: { email: email.toLowerCase() }, select: seen });
    return row && personOf(row);
  }

  async register({ name, email, password }: NewPerson): Promise<Registration> {
    if (password.length < PASSWORD_LENGTH.min || password.length > PASSWORD_LENGTH.max)
      return { ok: false, code: 'people.password_unfit' };
    const library = await this.authentication.current();
    const hash = await (await library.$context).password.hash(password);
    const id = uuidv7(Date.now());
    const account = { id: uuidv7(Date.now()), providerId: 'credential', accountId: id, password: hash };
    try {
      const row = await this.database.user.create({
        data: { id, name, email: email.toLowerCase(), emailVerified: true, accounts: { create: account } },
        select: seen,
      });
      return { ok: true, person: personOf(row) };
    } catch (error) {
      if (isUniqueViolation(error)) return { ok: false, code: 'people.email_taken' };
      throw error;
    }
  }
}

const personOf = ({ id, name, email, emailVerified, twoFactorEnabled }: Row): Person => ({
  id,
  name,
  email,
  isEmailVerified: emailVerified,
  hasSecondFactor: twoFactorEnabled,
});

const isUniqueViolation = (error: unknown) => (error as { code?: unknown }).code === 'P2002';
