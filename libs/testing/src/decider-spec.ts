import type { Decided, Instant } from '@countersign/kernel';
import { expect } from 'vitest';

/** A decider as the head transaction runs it: state folded in place from events, time handed in. */
interface Decider<State, Command, Event, Rejection> {
  initialState(): State;
  evolve(state: State, event: Event): void;
  decide(command: Command, state: State, at: Instant): Decided<Event, Rejection>;
  /** When commands arrive unless a spec says otherwise. */
  readonly at: Instant;
}

/** Given past events, when a command arrives, then these events (or this rejection). */
export function specFor<State, Command, Event, Rejection>(decider: Decider<State, Command, Event, Rejection>) {
  return {
    given: (...history: readonly Event[]) => ({
      when: (command: Command, at = decider.at) => {
        const state = decider.initialState();
        for (const event of history) decider.evolve(state, event);
        const decision = decider.decide(command, state, at);

        return {
          then: (...events: readonly Event[]) => expect(decision).toEqual({ outcome: 'accepted', events }),
          thenNothing: () => expect(decision).toEqual({ outcome: 'accepted', events: [] }),
          thenRejected: (rejection: Rejection) => expect(decision).toEqual({ outcome: 'rejected', rejection }),
        };
      },
    }),
  };
}
