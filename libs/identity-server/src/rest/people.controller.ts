import { People, type SignedIn } from '@countersign/identity/people';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { Caller, SignedInGuard } from './signed-in.guard.ts';

/** Who the caller is; what they may do in an organization is asked there. */
@Controller('api/me')
@UseGuards(SignedInGuard)
export class PeopleController {
  constructor(private readonly people: People) {}

  @Get()
  async me(@Caller() { userId, by, method, credential, rights, organizationId }: SignedIn) {
    const person = (await this.people.find([userId])).get(userId);
    return { user: person, signedIn: { by, method, credential, rights, organizationId } };
  }
}
