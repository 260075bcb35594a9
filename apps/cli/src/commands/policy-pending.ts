import type { Command } from 'commander';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { printAnswer } from '../format/print.ts';
import { publicationsWords, type PublicationAnswer } from '../format/publications.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

export const policyPendingCommand = (): Command =>
  operatorCommand(
    'pending',
    'List the changes of policies that wait for a second person, or print the text of one.\nMembers confirm them, signed in: a token of an operator is no person.',
    'countersign policy pending\ncountersign policy pending pub_0198c5… > proposed.yaml',
  )
    .argument('[publication]', 'its id: print what it would publish')
    .action(async (id: string | undefined, flags: ConnectionFlags) => {
      const session = await connect(flags);
      const answer = await session.get<{ publications: readonly PublicationAnswer[] }>('/publications');
      if (id === undefined)
        return printAnswer(answer, flags, ({ publications }, paint) => publicationsWords(publications, paint));
      const publication = answer.publications.find((each) => each.id === id);
      if (!publication) throw new CommandFailed(`nothing waits as \`${id}\``, exitCode.refused);
      printAnswer(publication, flags, ({ document }, paint) =>
        document === null ? publicationsWords([publication], paint) : document.trimEnd(),
      );
    });

export const policyRejectCommand = (): Command =>
  operatorCommand(
    'reject',
    'End a change of policies that waits for a second person; what an operator proposed is taken back so.',
    'countersign policy reject pub_0198c5… --reason "wrong file"',
  )
    .argument('<publication>', 'its id, from `countersign policy pending`')
    .option('--reason <text>', 'why; it stays in the ledger', '')
    .action(async (publicationId: string, flags: ConnectionFlags & { reason: string }) => {
      const session = await connect(flags);
      const { reason } = flags;
      const answer = await session.command<object>({ type: 'RejectPublication', publicationId, reason });
      printAnswer(answer, flags, () => `rejected ${publicationId}`);
    });
