import type { EndpointId, EndpointSecretId, OrganizationId } from '@countersign/kernel';

/** Whose secret it is, and by which id the ledger knows it. */
export interface EndpointSecretPlace {
  readonly organizationId: OrganizationId;
  readonly endpointId: EndpointId;
  readonly secretId: EndpointSecretId;
}

/** Keeps what signs the notices of endpoints, beside the ledger and never in it (I13). */
export abstract class EndpointSecrets {
  /** Before the command that names it, so that no endpoint is ever without; one that was refused leaves it unused. */
  abstract keep(place: EndpointSecretPlace, secret: string): Promise<void>;
  /** What no event names. */
  abstract forget(place: EndpointSecretPlace): Promise<void>;
}
