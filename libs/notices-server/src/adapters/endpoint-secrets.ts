import { EndpointSecrets, type EndpointSecretPlace } from '@countersign/channels';
import type { KeptSecrets } from '@countersign/kept-secrets';
import type { EndpointSecretId } from '@countersign/kernel';
import { inTenant, textArray, type Sql } from '@countersign/postgres';

/** Secrets of endpoints in Postgres, sealed for the one endpoint that each is of. */
export class PostgresEndpointSecrets extends EndpointSecrets {
  constructor(
    private readonly sql: Sql,
    private readonly kept: KeptSecrets,
  ) {
    super();
  }

  override async keep(place: EndpointSecretPlace, secret: string): Promise<void> {
    const { organizationId, endpointId, secretId } = place;
    const sealed = this.kept.seal(secret, purposeOf(place));
    await inTenant(
      this.sql,
      organizationId,
      (sql) => sql`
        insert into notices.endpoint_secrets (organization_id, secret_id, endpoint_id, sealed)
        values (${organizationId}::text::uuid, ${secretId}::text, ${endpointId}::text, ${sealed}::text)`,
    );
  }

  override async forget({ organizationId, secretId }: EndpointSecretPlace): Promise<void> {
    await inTenant(
      this.sql,
      organizationId,
      (sql) => sql`
        delete from notices.endpoint_secrets
         where organization_id = ${organizationId}::text::uuid and secret_id = ${secretId}::text`,
    );
  }

  /** In the order of the ids. @throws {SecretUnreadable} when the key that sealed one is not here. */
  async read(
    place: Omit<EndpointSecretPlace, 'secretId'>,
    secretIds: readonly EndpointSecretId[],
  ): Promise<readonly string[]> {
    const { organizationId, endpointId } = place;
    const rows = await inTenant(
      this.sql,
      organizationId,
      (sql) => sql<{ secret_id: EndpointSecretId; sealed: string }[]>`
        select secret_id, sealed from notices.endpoint_secrets
         where organization_id = ${organizationId}::text::uuid and endpoint_id = ${endpointId}::text
           and secret_id = any (${textArray(secretIds)}::text::text[])`,
    );
    const sealed = new Map(rows.map((row) => [row.secret_id, row.sealed]));
    return secretIds.flatMap((secretId) => {
      const text = sealed.get(secretId);
      return text === undefined ? [] : [this.kept.open(text, purposeOf({ ...place, secretId }))];
    });
  }
}

/** What a secret is for and whose: a row that is moved to another organization or endpoint opens nothing. */
const purposeOf = ({ organizationId, endpointId, secretId }: EndpointSecretPlace) =>
  `webhook ${organizationId} ${endpointId} ${secretId}`;
