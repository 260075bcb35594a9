export { ChannelCommand, channelCommands } from './channel.commands.ts';
export { decideChannel } from './channel.decider.ts';
export { channelEvents, streamOfChannelEvent, type ChannelEvent } from './channel.events.ts';
export { channelRejectionCodes, type ChannelRejection } from './channel.rejections.ts';
export { channelRights } from './channel.rights.ts';
export {
  emptyChannels,
  evolveChannels,
  secretsInForce,
  wantsByMail,
  type ChannelsState,
  type Endpoint,
  type NoticeChoices,
} from './channel.state.ts';
export { DeliveryLog, type Delivery } from './delivery-log.ts';
export { isOfThisMachine } from './endpoint-url.ts';
export { EndpointSecrets, type EndpointSecretPlace } from './endpoint-secrets.ts';
export { NOTICE_KINDS, NoticeKind, noticeKinds } from './notice-kind.ts';
