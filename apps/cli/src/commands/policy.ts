import { Command } from 'commander';
import { policyAttachCommand, policyDetachCommand } from './policy-attach.ts';
import { policyDiffCommand } from './policy-diff.ts';
import { policyTemplateCommand, policyTestCommand, policyValidateCommand } from './policy-local.ts';
import { policyHistoryCommand, policyListCommand, policyShowCommand } from './policy-look.ts';
import { policyPendingCommand, policyRejectCommand } from './policy-pending.ts';
import { policyPublishCommand, policyRollbackCommand } from './policy-publish.ts';

export const policyCommand = (): Command =>
  new Command('policy')
    .description('Policies decide what agents may do. validate, test, diff and template need no server.')
    .addCommand(policyValidateCommand())
    .addCommand(policyTestCommand())
    .addCommand(policyTemplateCommand())
    .addCommand(policyDiffCommand())
    .addCommand(policyPublishCommand())
    .addCommand(policyRollbackCommand())
    .addCommand(policyAttachCommand())
    .addCommand(policyDetachCommand())
    .addCommand(policyPendingCommand())
    .addCommand(policyRejectCommand())
    .addCommand(policyListCommand())
    .addCommand(policyShowCommand())
    .addCommand(policyHistoryCommand());
