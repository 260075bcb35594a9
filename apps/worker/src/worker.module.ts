import { nodeCrypto } from '@countersign/crypto';
import { ExecuteCommand, ExpireHolds, ReadConfiguration, SweepApprovals } from '@countersign/decisions-server';
import { PrismaMailAddresses } from '@countersign/identity-server';
import { deleteExpiredSessions } from '@countersign/identity-server/expired-sessions';
import type { KeptSecrets } from '@countersign/kept-secrets';
import { HeadTransactions, LedgerAccess, preparePayloadMonths } from '@countersign/ledger-server';
import { SmtpMailer, type MailConfig } from '@countersign/mail';
import { openNotices, type NoticeConfig, type Notices } from '@countersign/notices-server';
import type { Pools } from '@countersign/postgres';
import type { IdentityDatabase } from '@countersign/prisma';
import type { Queues } from '@countersign/queue';
import type { DynamicModule } from '@nestjs/common';
import { Chores, type DoChore } from './chores.ts';

export interface WorkerFoundations {
  readonly pools: Pools;
  readonly queues: Queues;
  readonly identity: IdentityDatabase;
  readonly kept: KeptSecrets;
  readonly mail: MailConfig;
  readonly notices: NoticeConfig;
  readonly sweepSeconds: number;
}

/** Everything the worker does, put together. */
export class WorkerModule {
  static with(foundations: WorkerFoundations): DynamicModule {
    const { pools, queues, sweepSeconds } = foundations;
    const transactions = new HeadTransactions(nodeCrypto, Date.now);
    const expireHolds = new ExpireHolds(pools.commands, transactions);
    const sweepApprovals = new SweepApprovals(pools.commands, transactions);
    const notices = noticesOver(foundations, transactions);
    const doChore: DoChore = {
      'expire-holds': () => expireHolds.sweep(),
      'sweep-approvals': () => sweepApprovals.sweep(),
      'sweep-notices': () => notices.sweep(),
      'delete-sessions': () => deleteExpiredSessions(pools.commands),
      'prepare-months': () => preparePayloadMonths(pools.reads),
    };
    const chores = new Chores(queues, doChore, { sweepSeconds, begin: () => notices.work() });
    return { module: WorkerModule, providers: [{ provide: Chores, useValue: chores }] };
  }
}

function noticesOver(
  { pools, queues, identity, kept, mail, notices: config }: WorkerFoundations,
  transactions: HeadTransactions,
): Notices {
  const { smtpUrl, mailFrom } = mail;
  return openNotices({
    pools,
    queues,
    configurations: new ReadConfiguration(pools.reads),
    commands: new ExecuteCommand(pools, transactions, null),
    checkpoints: new LedgerAccess(pools.reads, nodeCrypto),
    kept,
    addresses: new PrismaMailAddresses(identity),
    // Without a server nothing is mailed: printing every notice would bury what else the log says.
    mailer: smtpUrl ? new SmtpMailer(smtpUrl, mailFrom) : null,
    config,
  });
}
