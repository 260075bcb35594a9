import { ActionCost } from '@countersign/budgets';
import type { RecordedReason } from '@countersign/decisions';
import type { Instant } from '@countersign/kernel';
import { z } from 'zod';

/** The longest a hold may run from now: a day, as for rules. */
const HOLD_FOR_MAX_SECONDS = 86_400;

/** More money or more time for a running action. `extensionId` makes asking twice asking once. */
export const Extension = z
  .strictObject({
    extensionId: z.string().min(1).max(512),
    cost: ActionCost.optional(),
    holdForSeconds: z.number().int().min(1).max(HOLD_FOR_MAX_SECONDS).optional(),
  })
  .refine(({ cost, holdForSeconds }) => cost !== undefined || holdForSeconds !== undefined, {
    path: ['cost'],
    message: 'is required unless `holdForSeconds` asks for time',
  });
export type Extension = z.infer<typeof Extension>;

export type ExtensionRejection =
  | { readonly code: 'extension.decision_not_found' }
  | { readonly code: 'extension.not_running' };

export type ExtensionAnswer =
  | {
      readonly kind: 'extended';
      readonly verdict: 'allow' | 'ask' | 'block';
      readonly reasons: readonly RecordedReason[];
      readonly expiresAt: Instant;
      readonly retryAt: Instant | null;
    }
  | { readonly kind: 'refused'; readonly rejection: ExtensionRejection };
