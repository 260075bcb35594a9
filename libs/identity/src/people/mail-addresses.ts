/** Where people are mailed: addresses that they proved to be theirs. */
export abstract class MailAddresses {
  /** By the id of the person; who has none that is confirmed is left out. */
  abstract of(userIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
