/** Where an agent's attempt to act as a person is recorded (I4). Bound by the app to whoever knows agents. */
export abstract class RefusedAgentKeys {
  /** Resolves whether or not an organization knows the key. `keyHash` is the SHA-256 of the key, in hexadecimal. */
  abstract record(keyHash: string, operation: string): Promise<void>;
}
