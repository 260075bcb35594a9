/** What scripts may rely on. Part of the contract: never renumbered. */
export const exitCode = {
  done: 0,
  /** The answer is no: a check failed, a file does not verify, a test did not pass. */
  no: 1,
  /** The command line, a setting or a file given cannot be read. */
  usage: 2,
  /** The server refused it, and said why. */
  refused: 3,
  /** The server cannot be reached or does not answer. */
  unreachable: 4,
} as const;

/** For the end of every help text. */
export const exitCodesHelp = `
Exit codes: 0 done; 1 the answer is no or a check failed; 2 wrong usage or an unreadable file;
3 refused by the server; 4 server unreachable.`;
