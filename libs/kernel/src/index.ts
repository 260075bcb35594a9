export { Actor, system } from './actor.ts';
export { amountCodes, AmountError, formatAmount, NANOS_MAX, parseAmount, parseSum, type Unit } from './amount.ts';
export { accepted, rejected, type Decided } from './decider.ts';
export type { EventCatalog, EventOf } from './event-catalog.ts';
export {
  AgentId,
  AgentKeyId,
  ApprovalId,
  DecisionId,
  EndpointId,
  EndpointSecretId,
  EventId,
  GrantId,
  InvitationId,
  MemberId,
  Name,
  OrganizationId,
  PublicationId,
  QuestionId,
  StopId,
  TeamId,
} from './identifiers.ts';
export { Instant, instant, toIso } from './instant.ts';
export { PartialMap } from './partial-map.ts';
export { TrackedMap } from './tracked-map.ts';
export { unreachable } from './unreachable.ts';
