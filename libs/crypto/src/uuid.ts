import { randomBytes } from './random-pool.ts';

/** RFC 9562 section 5.7: milliseconds first, so that indexes grow at their end; the rest is random. Lower case. */
export function uuidv7(atMilliseconds: number): string {
  const hex = uuidv7Hex(atMilliseconds);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The same, as 32 hexadecimal digits: what our prefixed ids carry. */
export function uuidv7Hex(atMilliseconds: number): string {
  const time = atMilliseconds.toString(16).padStart(12, '0');
  const random = Buffer.from(randomBytes(10));
  random[0] = ((random[0] ?? 0) & 0x0f) | 0x70;
  random[2] = ((random[2] ?? 0) & 0x3f) | 0x80;
  return time + random.toString('hex');
}

/** `dec_0198c5…`: an id that sorts by the time it was made. */
export const newId = <Id extends string>(prefix: string, atMilliseconds: number) =>
  `${prefix}_${uuidv7Hex(atMilliseconds)}` as Id;
