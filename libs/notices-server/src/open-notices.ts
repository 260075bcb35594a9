import { Commands, Configurations } from '@countersign/decisions';
import type { MailAddresses } from '@countersign/identity/people';
import type { KeptSecrets } from '@countersign/kept-secrets';
import type { LedgerAccess } from '@countersign/ledger-server';
import type { Mailer } from '@countersign/mail';
import type { Pools } from '@countersign/postgres';
import type { Queues } from '@countersign/queue';
import { DeliveryRows } from './adapters/delivery-rows.ts';
import { PostgresEndpointSecrets } from './adapters/endpoint-secrets.ts';
import { LedgerPages } from './adapters/ledger-pages.ts';
import { OldRows } from './adapters/old-rows.ts';
import { OutboxRows } from './adapters/outbox-rows.ts';
import { DeliverNotices } from './application/deliver-notices.ts';
import { FollowLedgers } from './application/follow-ledgers.ts';
import { NoticeMails } from './application/notice-mails.ts';
import { Notices } from './application/notices.ts';
import { PATIENCE, Webhooks, type Patience } from './application/webhooks.ts';
import type { NoticeConfig } from './notices.config.ts';

/** What an app hands to notices. */
export interface NoticeFoundations {
  readonly pools: Pick<Pools, 'commands' | 'reads'>;
  readonly queues: Queues;
  readonly configurations: Configurations;
  /** For what the system says by itself: that an endpoint is given up. */
  readonly commands: Commands;
  readonly checkpoints: Pick<LedgerAccess, 'latestCheckpoint'>;
  readonly kept: KeptSecrets;
  readonly addresses: MailAddresses;
  /** Null where no mail server is set: then nothing is mailed, and nothing waits to be. */
  readonly mailer: Mailer | null;
  readonly config: NoticeConfig;
  readonly patience?: Patience;
}

const noMailer: Pick<Mailer, 'send'> = { send: () => Promise.reject(new Error('no mail server is set')) };

/** Notices, put together. */
export function openNotices(foundations: NoticeFoundations): Notices {
  const { pools, queues, configurations, checkpoints, mailer } = foundations;
  const follow = new FollowLedgers({
    pages: new LedgerPages(pools.reads),
    outbox: new OutboxRows(pools.commands, Date.now),
    old: new OldRows(pools.commands),
    configurations,
    checkpoints,
    isMailing: mailer !== null,
  });
  return new Notices({ sql: pools.reads, queues, follow, deliver: deliverOver(foundations) });
}

function deliverOver({ pools, commands, configurations, kept, ...given }: NoticeFoundations): DeliverNotices {
  const rows = new DeliveryRows(pools.commands);
  const { addresses, mailer, config, patience = PATIENCE } = given;
  const { isPrivateAllowed, timeoutMs, consoleUrl } = config;
  const webhook = new Webhooks({
    configurations,
    commands,
    rows,
    secrets: new PostgresEndpointSecrets(pools.commands, kept),
    limits: { isPrivateAllowed, timeoutMs },
    patience,
    now: Date.now,
  });
  const mail = new NoticeMails({ configurations, addresses, mailer: mailer ?? noMailer, consoleUrl });
  return new DeliverNotices({ rows, ways: { mail, webhook }, chance: Math.random });
}
