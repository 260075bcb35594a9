/**
 * SQLSTATE classes in which Postgres refuses what it was given, rather than failing to work: bad data (22), a broken
 * constraint (23), a limit exceeded (54), a trigger or function that raised (P0). Retrying the same batch would fail the same way.
 */
const REFUSED_DATA = /^(22|23|54|P0)/;

/** SQLSTATEs are five characters; codes of ours and of the driver have other shapes. */
const SQLSTATE = /^[0-9A-Z]{5}$/;

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : null);

/** Whether something in the batch is to blame, not the world around it: then the batch is decided one by one. */
export function isCulpable(error: unknown): boolean {
  const code = codeOf(error);
  // An error without a code is a defect of ours that some request brought out.
  return code === null || (SQLSTATE.test(code) && REFUSED_DATA.test(code));
}
