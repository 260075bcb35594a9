/**
 * What a decider answers: events to record, or a reason why not.
 * No events is a valid acceptance: the command has already taken effect.
 */
export type Decided<Event, Rejection> =
  | { readonly outcome: 'accepted'; readonly events: readonly Event[] }
  | { readonly outcome: 'rejected'; readonly rejection: Rejection };

export function accepted<Event>(...events: readonly Event[]): Decided<Event, never> {
  return { outcome: 'accepted', events };
}

export function rejected<Rejection>(rejection: Rejection): Decided<never, Rejection> {
  return { outcome: 'rejected', rejection };
}
