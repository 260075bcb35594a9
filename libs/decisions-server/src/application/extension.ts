import { ActionCost } from '@countersign/budgets';
import type { RecordedReason } from '@countersign/decisions';
import type { Instant } from '@countersign/kernel';
import { z } from 'zod';

/** The longest a hold may run from now: a day, as for rules. */
const HOLD_FOR_MAX_SECONDS = 86_400;

const SECONDS = { s: 1, m: 60, h: 3_600 } as const;

/** `90s`, `15m` or `1h`, as policies write it. In seconds. */
const HoldFor = z
  .string()
  .regex(/^\d{1,5}[smh]$/, 'must be a duration such as `90s`, `15m` or `1h`')
  .transform((text) => Number(text.slice(0, -1)) * SECONDS[text.slice(-1) as keyof typeof SECONDS])
  .refine((seconds) => seconds >= 1 && seconds <= HOLD_FOR_MAX_SECONDS, 'must be from 1s to 24h');

/** More money or more time for a running action. `extensionId` makes asking twice asking once. */
export const Extension = z
  .strictObject({ extensionId: z.string().min(1).max(512), cost: ActionCost.optional(), holdFor: HoldFor.optional() })
  .refine(({ cost, holdFor }) => cost !== undefined || holdFor !== undefined, {
    path: ['cost'],
    message: 'is required unless `holdFor` asks for time',
  });
export type Extension = z.infer<typeof Extension>;

export type ExtensionRejection = { readonly code: 'decision.not_found' } | { readonly code: 'extension.not_running' };

export type ExtensionAnswer =
  | {
      readonly kind: 'extended';
      readonly verdict: 'allow' | 'ask' | 'block';
      readonly reasons: readonly Partial<RecordedReason>[];
      readonly expiresAt: Instant;
      readonly retryAt: Instant | null;
    }
  | { readonly kind: 'refused'; readonly rejection: ExtensionRejection };
