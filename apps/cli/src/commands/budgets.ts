import type { BudgetLine } from '@countersign/surface';
import type { Command } from 'commander';
import { budgetsTable } from '../format/money.ts';
import { printAnswer } from '../format/print.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

export const budgetsCommand = (): Command =>
  operatorCommand('budgets', 'Show what every budget has spent, holds and has left.', 'countersign budgets')
    .option('--all', 'windows that are over, too')
    .action(async (flags: ConnectionFlags & { all?: true }) => {
      const session = await connect(flags);
      const answer = await session.get<{ budgets: readonly BudgetLine[] }>(`/budgets${flags.all ? '?all=true' : ''}`);
      printAnswer(answer, flags, ({ budgets }, paint) => budgetsTable(budgets, paint));
    });
