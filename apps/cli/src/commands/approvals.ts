import type { ApprovalForPeople, WholeApproval } from '@countersign/surface';
import { Command, Option } from 'commander';
import { approvalsTable, approvalWords } from '../format/approvals.ts';
import { printAnswer } from '../format/print.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

const STATES = ['pending', 'approved', 'denied', 'expired', 'cancelled', 'taken', 'withdrawn', 'lapsed'];

export const approvalsCommand = (): Command =>
  new Command('approvals')
    .description('What waits for people. Looking only: people decide, signed in, and an operator is none of them.')
    .addCommand(listCommand())
    .addCommand(showCommand());

const listCommand = () =>
  operatorCommand(
    'list',
    'List what waits, the one first whose time ends first; or the latest in another state.',
    'countersign approvals list\ncountersign approvals list --state denied --limit 5',
  )
    .addOption(new Option('--state <state>', 'which').choices(STATES).default('pending'))
    .option('-n, --limit <count>', 'how many, at most 100', '50')
    .action(async (flags: ConnectionFlags & { state: string; limit: string }) => {
      const session = await connect(flags);
      const order = flags.state === 'pending' ? 'deadline' : 'newest';
      const query = new URLSearchParams({ state: flags.state, limit: flags.limit, order });
      const answer = await session.get<{ approvals: readonly ApprovalForPeople[] }>(`/approvals?${query}`);
      printAnswer(answer, flags, ({ approvals }, paint) => approvalsTable(approvals, paint));
    });

const showCommand = () =>
  operatorCommand(
    'show',
    'Show one approval with all that was said about it.',
    'countersign approvals show apr_0198c5…',
  )
    .argument('<id>', 'as `countersign approvals list` shows it')
    .action(async (id: string, flags: ConnectionFlags) => {
      const session = await connect(flags);
      printAnswer(await session.get<WholeApproval>(`/approvals/${encodeURIComponent(id)}`), flags, approvalWords);
    });
