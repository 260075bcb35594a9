export { DeliveryRows } from './adapters/delivery-rows.ts';
export { PostgresEndpointSecrets } from './adapters/endpoint-secrets.ts';
export { Notices } from './application/notices.ts';
export { noticeConfigOf, noticeSettings, type NoticeConfig } from './notices.config.ts';
export { openNotices, type NoticeFoundations } from './open-notices.ts';
