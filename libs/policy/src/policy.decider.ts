import { settingsOf } from '@countersign/identity';
import type { Decided } from '@countersign/kernel';
import { decideChange } from './policy-change.decider.ts';
import type { PolicyChangeCommand, PolicyCommand } from './policy.commands.ts';
import type { PolicyEvent } from './policy.events.ts';
import type { PolicyRejection } from './policy.rejections.ts';
import type { Publication } from './policy.state.ts';
import { confirm, propose, reject, type Giver, type PublicationFacts } from './publication.decider.ts';
import { publicationLike } from './publication.ts';

type PolicyDecision = Decided<PolicyEvent, PolicyRejection>;

/** What may happen to policies, judged under the organization's head lock, for who has the right to it. */
export function decidePolicy(command: PolicyCommand, state: PublicationFacts, giver: Giver): PolicyDecision {
  switch (command.type) {
    case 'ConfirmPublication':
      return confirm(command, state, giver);
    case 'RejectPublication':
      return reject(command, state, giver);
    default:
      return change(command, state, giver);
  }
}

/** Under four eyes whatever would change what is in force waits, so that what is wrong with it is told at once. */
function change(command: PolicyChangeCommand, state: PublicationFacts, giver: Giver): PolicyDecision {
  const decision = decideChange(command, state);
  const [event] = decision.outcome === 'accepted' ? decision.events : [];
  return event && settingsOf(state).policyFourEyes ? propose(command, event, state, giver) : decision;
}

/** What waits for a second person before it does what the command asks; undefined where nothing does. */
export function publicationOf(command: PolicyChangeCommand, state: PublicationFacts): Publication | undefined {
  const decision = decideChange(command, state);
  const [event] = decision.outcome === 'accepted' ? decision.events : [];
  return event && publicationLike(event, state);
}
