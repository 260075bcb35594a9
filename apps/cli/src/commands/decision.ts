import type { DecisionRecord } from '@countersign/surface';
import { Command } from 'commander';
import { explainDecision } from '../format/explain-decision.ts';
import { printAnswer } from '../format/print.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

export function decisionCommand(): Command {
  return new Command('decision').description('One decision.').addCommand(
    operatorCommand(
      'show',
      'Explain a decision in sentences: what was asked, what was answered, why, and what came of it.',
      'countersign decision show dec_0198c5…',
    )
      .argument('<id>', 'as `countersign decisions` shows it')
      .action(async (id: string, flags: ConnectionFlags) => {
        const session = await connect(flags);
        printAnswer(await session.get<DecisionRecord>(`/decisions/${encodeURIComponent(id)}`), flags, explainDecision);
      }),
  );
}
