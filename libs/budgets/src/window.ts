import type { Instant } from '@countersign/kernel';
import { z } from 'zod';

/** How long a budget adds up. `minute` and `hour` are UTC; `day` and `month` follow the organization's time zone. */
export const WindowKind = z.enum(['minute', 'hour', 'day', 'month', 'total']);
export type WindowKind = z.infer<typeof WindowKind>;

/** Half-open, [start, end): `end` is the first instant outside it, and null for a window that never ends. */
export interface Window {
  readonly start: Instant;
  readonly end: Instant | null;
}

export function contains(window: Window, at: Instant): boolean {
  return at >= window.start && (window.end === null || at < window.end);
}
