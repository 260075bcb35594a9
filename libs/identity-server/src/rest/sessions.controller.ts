import type { SignedIn } from '@countersign/identity/people';
import { Controller, Delete, Get, HttpCode, Param, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { Sessions } from '../application/sessions.ts';
import { identityProblem } from './identity-problems.ts';
import { Caller, SessionGuard, SignedInGuard } from './signed-in.guard.ts';

/** Where a person is signed in, and ending it there. */
@Controller('api/sessions')
@UseGuards(SignedInGuard, SessionGuard)
export class SessionsController {
  constructor(private readonly sessions: Sessions) {}

  @Get()
  async list(@Caller() { userId, credential }: SignedIn) {
    const sessions = await this.sessions.list(userId);
    return {
      sessions: sessions.map(({ createdAt, expiresAt, ...session }) => ({
        ...session,
        createdAt: createdAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        isCurrent: session.id === credential,
      })),
    };
  }

  @Delete(':id')
  @HttpCode(204)
  async end(@Caller() { userId }: SignedIn, @Param('id') id: string): Promise<void> {
    const isEnded = z.uuid().safeParse(id).success && (await this.sessions.end(userId, id));
    if (!isEnded) throw identityProblem('sessions.not_found', 'you have no such session');
  }
}
