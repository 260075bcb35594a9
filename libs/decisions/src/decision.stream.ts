import type { DecisionId } from '@countersign/kernel';

/** The stream that holds one decision and everything that came of it. */
export const decisionStream = (decisionId: DecisionId) => `decision-${decisionId.slice('dec_'.length)}`;
