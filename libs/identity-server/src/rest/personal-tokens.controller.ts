import { readWire, wireBody } from '@countersign/http';
import { TokenRights } from '@countersign/identity';
import { PersonalTokens, type PersonalTokenCard, type SignedIn } from '@countersign/identity/people';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { identityProblem } from './identity-problems.ts';
import { Caller, SessionGuard, SignedInGuard } from './signed-in.guard.ts';

const YEAR_MS = 366 * 86_400_000;

const wish = z.strictObject({
  name: z.string().trim().min(1).max(100),
  rights: TokenRights,
  organizationId: z.string().min(1).max(64).nullable().default(null),
  expiresAt: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
});

/** A person's own tokens. A token cannot make, see or end any: what it may do must not grow by it. */
@Controller('api/tokens')
@UseGuards(SignedInGuard, SessionGuard)
export class PersonalTokensController {
  constructor(private readonly tokens: PersonalTokens) {}

  @Get()
  async list(@Caller() { userId }: SignedIn) {
    return { tokens: (await this.tokens.list(userId)).map(wireCard) };
  }

  @Post()
  async issue(@Caller() { userId }: SignedIn, @Body() body: unknown) {
    const wanted = readWire(wish, wireBody(body));
    const left = wanted.expiresAt.getTime() - Date.now();
    if (left <= 0 || left > YEAR_MS)
      throw identityProblem('tokens.expiry_unfit', '`expiresAt` must be between now and a year from now');
    const issued = await this.tokens.issue({ userId, ...wanted });
    return { ...wireCard(issued), token: issued.token };
  }

  @Delete(':id')
  @HttpCode(204)
  async revoke(@Caller() { userId }: SignedIn, @Param('id') id: string): Promise<void> {
    const isRevoked = z.uuid().safeParse(id).success && (await this.tokens.revoke(userId, id));
    if (!isRevoked) throw identityProblem('tokens.not_found', 'you have no such personal token');
  }
}

const wireCard = ({
  id,
  name,
  prefix,
  rights,
  organizationId,
  createdAt,
  expiresAt,
  lastUsedAt,
}: PersonalTokenCard) => ({
  id,
  name,
  prefix,
  rights,
  organizationId,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});
