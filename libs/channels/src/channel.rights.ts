import type { OperationRights } from '@countersign/identity';
import type { ChannelCommand } from './channel.commands.ts';

const ofSettings = { right: 'organization:manage', on: ['organization'] } as const;

/** What each command about channels asks of whoever gives it. The system disables what fails without asking. */
export const channelRights = {
  AddEndpoint: ofSettings,
  ChangeEndpoint: ofSettings,
  RotateEndpointSecret: ofSettings,
  EnableEndpoint: ofSettings,
  DisableEndpoint: ofSettings,
  RemoveEndpoint: ofSettings,
  ChooseNotices: { right: null, why: 'members choose what they are mailed themselves' },
} as const satisfies OperationRights<ChannelCommand['type']>;
