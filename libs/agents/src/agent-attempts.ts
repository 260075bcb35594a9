/**
 * Keeps what agents tried and may not do (I4). An abstract class, so that it is both the port and the injection token.
 */
export abstract class AgentAttempts {
  /**
   * Records that the key with this SHA-256 (hexadecimal) was used for an operation that agents may not carry out. The
   * first of an agent, operation and minute becomes an event of its own, the rest its count. A hash that belongs to no
   * key records nothing and is not an error: the caller refuses either way and says the same.
   *
   * @param operation the method and the route's template, such as `POST /operator/organizations/:org/commands`.
   */
  abstract record(keyHash: string, operation: string): Promise<void>;
}
