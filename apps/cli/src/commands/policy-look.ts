import type { Command } from 'commander';
import { printAnswer } from '../format/print.ts';
import { tableOr, visible } from '../format/table.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';
import { publishedPolicy, referenceOf } from '../policy/policy-reference.ts';

export interface PolicyInForce {
  readonly name: string;
  readonly version: number;
  readonly mode: string;
  readonly attachments: readonly { readonly layer: string; readonly point: string; readonly name: string }[];
}

export const policyListCommand = (): Command =>
  operatorCommand('list', 'List the policies in force and where they are attached.', 'countersign policy list').action(
    async (flags: ConnectionFlags) => {
      const session = await connect(flags);
      const answer = await session.get<{ policies: readonly PolicyInForce[] }>('/policies');
      printAnswer(answer, flags, ({ policies }, paint) =>
        tableOr(
          'no policy yet: countersign policy template, then countersign policy publish FILE',
          ['NAME', 'VERSION', 'MODE', 'ATTACHED TO'],
          policies.map(({ name, version, mode, attachments }) => [
            name,
            String(version),
            mode,
            attachedWords(attachments),
          ]),
          paint,
        ),
      );
    },
  );

const attachedWords = (attachments: PolicyInForce['attachments']) =>
  attachments.length === 0
    ? 'nothing yet: it decides nothing'
    : attachments.map(({ layer, name }) => `${layer} ${visible(name)}`).join(', ');

export const policyShowCommand = (): Command =>
  operatorCommand(
    'show',
    'Print a published policy, the version in force unless another is named.',
    'countersign policy show support-agent@2',
  )
    .argument('<policy>', 'NAME or NAME@VERSION')
    .action(async (reference: string, flags: ConnectionFlags) => {
      const answer = await publishedPolicy(await connect(flags), referenceOf(reference));
      printAnswer(answer, flags, ({ document }) => document.trimEnd());
    });

interface VersionAnswer {
  readonly version: number;
  readonly publishedAt: string;
  readonly by: string;
  readonly note: string;
}

export const policyHistoryCommand = (): Command =>
  operatorCommand(
    'history',
    'List the versions of a policy: when, by whom, and why.',
    'countersign policy history support-agent',
  )
    .argument('<name>', 'the policy')
    .action(async (name: string, flags: ConnectionFlags) => {
      const session = await connect(flags);
      const answer = await session.get<{ versions: readonly VersionAnswer[] }>(
        `/policies/${encodeURIComponent(name)}/versions`,
      );
      printAnswer(answer, flags, ({ versions }, paint) =>
        tableOr(
          '',
          ['VERSION', 'PUBLISHED', 'BY', 'NOTE'],
          versions.map(({ version, publishedAt, by, note }) => [
            String(version),
            publishedAt,
            visible(by),
            visible(note),
          ]),
          paint,
        ),
      );
    });
