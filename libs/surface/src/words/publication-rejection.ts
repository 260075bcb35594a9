import type { Problem } from '@countersign/http';
import { unreachable } from '@countersign/kernel';
import type { PolicyRejection } from '@countersign/policy';

type PublicationRejection = Extract<
  PolicyRejection,
  {
    code:
      | `policies.${string}publication${string}`
      | `policies.${string}publications`
      | 'policies.second_person_needed'
      | 'policies.members_confirm';
  }
>;

/** The one place where a refused answer to what waits for a second person becomes words a person reads. */
export function problemOfPublication(rejection: PublicationRejection): Problem {
  const { code } = rejection;
  switch (rejection.code) {
    case 'policies.second_person_needed':
      return refused(code, 'A second person has to confirm it here: send it through the api.');
    case 'policies.too_many_publications':
      return conflict(code, `${rejection.most} changes of policies wait already: confirm or reject some first.`);
    case 'policies.publication_not_found':
      return {
        status: 404,
        code,
        title: 'Not found',
        detail: `Nothing waits as \`${rejection.publicationId}\`: it never did, or somebody answered it already.`,
      };
    case 'policies.own_publication':
      return refused(code, 'It is yours, so somebody else who may publish it confirms it; you may take it back.');
    case 'policies.members_confirm':
      return refused(code, 'Only a member confirms what waits, signed in: a token of an operator is no person.');
    case 'policies.publication_void':
      return conflict(code, 'Whoever wanted it may no longer publish it: reject it, and publish it yourself.');
    default:
      return unreachable(rejection);
  }
}

const conflict = (code: string, detail: string): Problem => ({ status: 409, code, title: 'Conflict', detail });
const refused = (code: string, detail: string): Problem => ({ status: 422, code, title: 'Refused', detail });
