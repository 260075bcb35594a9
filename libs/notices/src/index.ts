export type { NoticeFacts } from './facts.ts';
export type { Notice, NoticeContent, ToldEvent } from './notice.ts';
export { presumedBy, unreportedDecisions, type Presumed } from './plan-budgets.ts';
export { checkpointNotice } from './plan-others.ts';
export { approvalsNamed, planNotices, tellingTypes } from './plan.ts';
export { routesOf, type Routes } from './routes.ts';
export { webhookBody } from './webhook-body.ts';
export { wordsOf, type NoticePlace } from './words.ts';
