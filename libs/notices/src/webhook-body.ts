import { toIso, type OrganizationId } from '@countersign/kernel';
import type { NoticeContent } from './notice.ts';

/** The body of a webhook in the form of the Standard Webhooks: what happened, when, and the facts. */
export const webhookBody = ({ kind, at, position, news }: NoticeContent, organizationId: OrganizationId): string =>
  JSON.stringify({ type: kind, timestamp: toIso(at), data: { organizationId, position, ...news } });
