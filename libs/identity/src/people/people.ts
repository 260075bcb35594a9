/** A person as others see them. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** Lower case. */
  readonly email: string;
  /** Whether they proved to receive mail there. */
  readonly isEmailVerified: boolean;
  readonly hasSecondFactor: boolean;
}

/** Somebody who shall be able to sign in by a password. */
export interface NewPerson {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** Why somebody was not registered. */
export const registrationCodes = {
  'people.email_taken': 'Somebody has that address already.',
  'people.password_unfit': 'A password must have 12 to 128 characters.',
} as const;

export type Registration =
  | { readonly ok: true; readonly person: Person }
  | { readonly ok: false; readonly code: keyof typeof registrationCodes };

export const PASSWORD_LENGTH = { min: 12, max: 128 } as const;

/** Who people are, over all organizations. Which of them belong to an organization is for memberships to say. */
export abstract class People {
  /** Those that exist, by id, in no order. Ids that are none are left out. */
  abstract find(ids: readonly string[]): Promise<ReadonlyMap<string, Person>>;

  /** Whatever the case of the address. */
  abstract findByEmail(email: string): Promise<Person | null>;

  /**
   * Makes somebody whose address is known to be theirs: they hold a link that was sent there, or an operator says so.
   * Of two that race for one address exactly one is made.
   */
  abstract register(person: NewPerson): Promise<Registration>;
}
