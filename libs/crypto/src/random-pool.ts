import { randomFillSync } from 'node:crypto';

/** One system call for thousands of salts: asking the kernel for each would cost more than hashing it. */
const POOL_BYTES = 64 * 1_024;

let pool = Buffer.allocUnsafe(0);
let used = 0;

/** Fresh random bytes, never handed out twice; at most 64 KiB at once. */
export function randomBytes(length: number): Uint8Array {
  if (used + length > pool.length) {
    pool = randomFillSync(Buffer.allocUnsafe(POOL_BYTES));
    used = 0;
  }
  const bytes = pool.subarray(used, used + length);
  used += length;
  return bytes;
}
