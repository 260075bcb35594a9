import type { Endpoint, NoticeChoices } from '@countersign/channels';
import type { EndpointId, MemberId } from '@countersign/kernel';
import type { EnforcementTable } from './enforcement-table.ts';

const json = <Value>(text: unknown) => JSON.parse(String(text)) as Value;

const endpoints: EnforcementTable<EndpointId, Endpoint> = {
  name: 'endpoints',
  map: (state) => state.endpoints,
  key: { endpoint_id: 'text' },
  columns: { details: 'json' },
  keyTexts: (endpointId) => [endpointId],
  valueTexts: (endpoint) => [JSON.stringify(endpoint)],
  fromRow: ({ endpoint_id, details }) => [endpoint_id as EndpointId, json<Endpoint>(details)],
};

const noticeChoices: EnforcementTable<MemberId, NoticeChoices> = {
  name: 'notice_choices',
  map: (state) => state.noticeChoices,
  key: { member_id: 'text' },
  columns: { details: 'json' },
  keyTexts: (memberId) => [memberId],
  valueTexts: (choices) => [JSON.stringify(choices)],
  fromRow: ({ member_id, details }) => [member_id as MemberId, json<NoticeChoices>(details)],
};

/** Where notices go: at most a few rows, which no decision about an action looks at. */
export const channelTables: readonly EnforcementTable<never, never>[] = [endpoints, noticeChoices] as never;
