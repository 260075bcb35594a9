/** Codes of errors that end a process or a command, and are read in a terminal or a log. They have no other list. */
export const processCodes = {
  'config.invalid': {
    meaning: 'Settings are missing or do not make sense; every problem is listed.',
    remedy: 'Correct the variables that the message names; `.env.example` explains each.',
  },
  'embedded.in_use': {
    meaning: 'Another process runs on the same data directory.',
    remedy: 'End the one that the message names, or set `COUNTERSIGN_DATA_DIR` to another directory.',
  },
  'embedded.postgres_failed': {
    meaning: 'The embedded Postgres does not start or stop.',
    remedy: 'Read the lines of its log that the message ends with.',
  },
  'migrations.failed': {
    meaning: 'A migration cannot be applied.',
    remedy: 'Read what the database said; nothing of the failed migration was kept.',
  },
  'postgres.unsafe': {
    meaning: 'The database would not keep the promises: the role may do too much, or commits are not durable.',
    remedy: 'Connect as `countersign_app`, to a server with `fsync` and `synchronous_commit` on.',
  },
  'secrets.unreadable': {
    meaning: 'A secret that was kept sealed cannot be read, so nothing is signed with it.',
    remedy: 'Give the key that sealed it behind the present one in `SECRETS_KEY`, or rotate the secret.',
  },
  'signing_key.malformed': {
    meaning: 'A signing key cannot be read.',
    remedy: 'Give Ed25519 private keys in PEM (PKCS 8).',
  },
  'signing_key.unavailable': {
    meaning: 'The private half of the key that the ledger names is not here, so nothing is signed.',
    remedy: 'Put the key back where `SIGNING_KEY_FILE` or the data directory says.',
  },
  'ledger.absent': {
    meaning: 'A ledger was asked for that does not exist.',
    remedy: 'Create the organization first.',
  },
  'ledger.stream_conflict': {
    meaning: 'Somebody else appended to a stream first.',
    remedy: 'Read the stream again and decide again.',
  },
  'replay.malformed': {
    meaning: 'A line of a recording cannot be read.',
    remedy: 'Correct the line that the message names; `docs/replay-format.md` describes the format.',
  },
  'graphql.unasked_fields': {
    meaning: 'Fields of the GraphQL schema name no right, so the api does not start.',
    remedy: 'This is a defect of this version: tell who built it.',
  },
} as const;
