import { EndpointId, EndpointSecretId } from '@countersign/kernel';
import { z } from 'zod';
import { endpointUrlProblem, normalizedUrl } from './endpoint-url.ts';
import { NOTICE_KINDS, NoticeKind } from './notice-kind.ts';

const EndpointUrl = z
  .string()
  .superRefine((text, context) => {
    const problem = endpointUrlProblem(text);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  })
  .transform(normalizedUrl);

const isEachOnce = (kinds: readonly NoticeKind[]) => new Set(kinds).size === kinds.length;

const Kinds = z.array(NoticeKind).max(NOTICE_KINDS.length).refine(isEachOnce, 'must name each kind once');
const SomeKinds = Kinds.min(1, 'must name at least one kind');

/** Hours that both secrets sign after a change: long enough for a deployment, short for a secret that got out. */
const OVERLAP_HOURS = { usual: 24, most: 168 } as const;

export const AddEndpoint = z.strictObject({
  type: z.literal('AddEndpoint'),
  endpointId: EndpointId,
  secretId: EndpointSecretId,
  url: EndpointUrl,
  kinds: SomeKinds,
});

/** What is left out stays as it is. */
export const ChangeEndpoint = z.strictObject({
  type: z.literal('ChangeEndpoint'),
  endpointId: EndpointId,
  url: EndpointUrl.optional(),
  kinds: SomeKinds.optional(),
});

/** From now on the new secret signs too, and after the hours given alone. 0: at once. */
export const RotateEndpointSecret = z.strictObject({
  type: z.literal('RotateEndpointSecret'),
  endpointId: EndpointId,
  secretId: EndpointSecretId,
  overlapHours: z.number().int().min(0).max(OVERLAP_HOURS.most).default(OVERLAP_HOURS.usual),
});

export const EnableEndpoint = z.strictObject({ type: z.literal('EnableEndpoint'), endpointId: EndpointId });

/** `failing` and `gone` are the system's own words; people say nothing. */
export const DisableEndpoint = z.strictObject({
  type: z.literal('DisableEndpoint'),
  endpointId: EndpointId,
  why: z.enum(['person', 'failing', 'gone']).default('person'),
});

export const RemoveEndpoint = z.strictObject({ type: z.literal('RemoveEndpoint'), endpointId: EndpointId });

/** Which kinds the caller wants by mail, and which not; kinds that are not named are as they are by default. */
export const ChooseNotices = z
  .strictObject({ type: z.literal('ChooseNotices'), on: Kinds, off: Kinds })
  .refine(({ on, off }) => !on.some((kind) => off.includes(kind)), {
    path: ['off'],
    message: 'must not name a kind that `on` names',
  });

/** Each by its name, for surfaces that add to some of them. */
export const channelCommands = {
  AddEndpoint,
  ChangeEndpoint,
  RotateEndpointSecret,
  EnableEndpoint,
  DisableEndpoint,
  RemoveEndpoint,
  ChooseNotices,
} as const;

export const ChannelCommand = z.discriminatedUnion('type', [
  AddEndpoint,
  ChangeEndpoint,
  RotateEndpointSecret,
  EnableEndpoint,
  DisableEndpoint,
  RemoveEndpoint,
  ChooseNotices,
]);
export type ChannelCommand = z.infer<typeof ChannelCommand>;
