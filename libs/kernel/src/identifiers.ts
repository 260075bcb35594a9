import { z } from 'zod';

/** `<prefix>_` and the 32 hexadecimal digits of a UUID: safe in URLs, logs and double clicks. */
const prefixed = <Brand extends string>(prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-f]{32}$`), `must be ${prefix}_ and 32 hexadecimal digits`)
    .brand<Brand>();

/** The tenant. A plain UUID, because row-level security compares it as one. */
export const OrganizationId = z.uuid().brand<'OrganizationId'>();
export type OrganizationId = z.infer<typeof OrganizationId>;

export const EventId = z.uuid().brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;

export const TeamId = prefixed<'TeamId'>('team');
export type TeamId = z.infer<typeof TeamId>;

export const MemberId = prefixed<'MemberId'>('mem');
export type MemberId = z.infer<typeof MemberId>;

export const AgentId = prefixed<'AgentId'>('agt');
export type AgentId = z.infer<typeof AgentId>;

export const AgentKeyId = prefixed<'AgentKeyId'>('key');
export type AgentKeyId = z.infer<typeof AgentKeyId>;

export const DecisionId = prefixed<'DecisionId'>('dec');
export type DecisionId = z.infer<typeof DecisionId>;

export const ApprovalId = prefixed<'ApprovalId'>('apr');
export type ApprovalId = z.infer<typeof ApprovalId>;

export const InvitationId = prefixed<'InvitationId'>('inv');
export type InvitationId = z.infer<typeof InvitationId>;

export const StopId = prefixed<'StopId'>('stp');
export type StopId = z.infer<typeof StopId>;

/** A change of what is in force that waits for a second person. */
export const PublicationId = prefixed<'PublicationId'>('pub');
export type PublicationId = z.infer<typeof PublicationId>;

/** A standing permission that people gave beside an approval. */
export const GrantId = prefixed<'GrantId'>('grt');
export type GrantId = z.infer<typeof GrantId>;

/** What an approver asked an agent. */
export const QuestionId = prefixed<'QuestionId'>('qst');
export type QuestionId = z.infer<typeof QuestionId>;

/** A URL of the organization's that notices are sent to. */
export const EndpointId = prefixed<'EndpointId'>('whk');
export type EndpointId = z.infer<typeof EndpointId>;

/** What signs the notices of an endpoint: its id, never the secret. */
export const EndpointSecretId = prefixed<'EndpointSecretId'>('whs');
export type EndpointSecretId = z.infer<typeof EndpointSecretId>;

/** What people type instead of an id: a team's, agent's, policy's or organization's name. */
export const Name = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'must be 1 to 63 of a-z, 0-9, dot, underscore or dash, starting with a letter or digit',
  );
export type Name = z.infer<typeof Name>;
