import { secretsInForce, type Endpoint } from '@countersign/channels';
import { Commands, Configurations } from '@countersign/decisions';
import { instant, system, type EndpointId, type OrganizationId } from '@countersign/kernel';
import { webhookBody } from '@countersign/notices';
import { Webhook } from 'standardwebhooks';
import type { ClaimedDelivery, DeliveryRows, Failing } from '../adapters/delivery-rows.ts';
import type { PostgresEndpointSecrets } from '../adapters/endpoint-secrets.ts';
import { postWebhook, type PostLimits } from '../adapters/post-webhook.ts';
import type { Sent, WayOut } from './way-out.ts';

/** When nothing is sent to an endpoint any more: it failed so often in a row, over so long. */
export interface Patience {
  readonly failures: number;
  readonly forMs: number;
}

/** Over a day and never an answer: longer than an outage, so somebody has to look. */
export const PATIENCE: Patience = { failures: 10, forMs: 86_400_000 };

const GONE = 410;

export interface WebhookParts {
  readonly configurations: Configurations;
  readonly commands: Commands;
  readonly secrets: PostgresEndpointSecrets;
  readonly rows: DeliveryRows;
  readonly limits: PostLimits;
  readonly patience: Patience;
  /** Milliseconds; receivers refuse timestamps that are minutes off. */
  readonly now: () => number;
}

/** Signed posts to endpoints, in the form of the Standard Webhooks. */
export class Webhooks implements WayOut {
  constructor(private readonly parts: WebhookParts) {}

  async send(organizationId: OrganizationId, delivery: ClaimedDelivery): Promise<Sent> {
    const { state } = await this.parts.configurations.read(organizationId);
    const endpoint = state.endpoints.get(delivery.recipient as EndpointId);
    if (endpoint?.status !== 'enabled') return { outcome: 'obsolete' };
    const sent = await this.#post(organizationId, endpoint, delivery).catch(failureOf);
    await this.#remember(organizationId, endpoint, sent);
    return sent;
  }

  async #post(organizationId: OrganizationId, endpoint: Endpoint, delivery: ClaimedDelivery): Promise<Sent> {
    const { secrets, limits, now } = this.parts;
    const at = new Date(now());
    const body = webhookBody(delivery.content, organizationId);
    const known = await secrets.read(
      { organizationId, endpointId: endpoint.endpointId },
      secretsInForce(endpoint, instant(at.getTime())),
    );
    // Unsigned it would teach receivers to take what anybody may have sent.
    if (known.length === 0) return { outcome: 'failed', answered: null, error: 'no_secret' };
    const signatures = known.map((secret) => new Webhook(secret).sign(delivery.deliveryId, at, body));
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Countersign',
      'webhook-id': delivery.deliveryId,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': signatures.join(' '),
    };
    const answered = await postWebhook({ url: endpoint.url, headers, body }, limits);
    const isTaken = answered >= 200 && answered < 300;
    return isTaken ? { outcome: 'delivered', answered } : { outcome: 'failed', answered, error: 'answered' };
  }

  /** An endpoint that never answers ends being tried, and somebody is told: by the notice that its event makes. */
  async #remember(organizationId: OrganizationId, { endpointId }: Endpoint, sent: Sent): Promise<void> {
    if (sent.outcome !== 'failed') return this.parts.rows.endpointAnswered(organizationId, endpointId);
    const failing = await this.parts.rows.endpointFailed(organizationId, endpointId);
    const isGone = sent.answered === GONE;
    if (!isGone && !isTooMuch(failing, this.parts.patience)) return;
    const caller = { actor: system, tokenRights: null };
    const why = isGone ? 'gone' : 'failing';
    await this.parts.commands.execute(organizationId, caller, { type: 'DisableEndpoint', endpointId, why });
    await this.parts.rows.endpointAnswered(organizationId, endpointId);
  }
}

const isTooMuch = (failing: Failing, patience: Patience) =>
  failing.failures >= patience.failures && failing.forMs >= patience.forMs;

/** A code of the platform or of ours; a message could repeat what was sent. */
function failureOf(error: unknown): Sent {
  const { code, name } = error as { code?: unknown; name?: unknown };
  const word = [code, name].find((each): each is string => typeof each === 'string' && each !== '') ?? 'unknown';
  return { outcome: 'failed', answered: null, error: word.slice(0, 100) };
}
