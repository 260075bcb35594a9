import type { Standing } from '@countersign/identity';
import type { SignedIn } from '@countersign/identity/people';
import type { OrganizationId } from '@countersign/kernel';
import type { FastifyRequest } from 'fastify';

/** Finds out who a request is from, with the checks that go before: no foreign pages, no agents. */
export abstract class Callers {
  /** Null for nobody. @throws a `ProblemAnswer` for what is refused whoever it is. */
  abstract of(request: FastifyRequest): Promise<SignedIn | null>;
}

/** What somebody is in an organization, for reads. Commands read it again, under the lock. */
export abstract class Standings {
  /** A stranger's for whoever is no member, and for an organization that does not exist: nobody can tell these apart. */
  abstract of(signedIn: SignedIn, organizationId: OrganizationId): Promise<Standing>;
}
