import { nodeCrypto } from '@countersign/crypto';
import { readReceipt, verifyReceipt } from '@countersign/ledger/export';
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readGiven } from '../read-given.ts';
import { exitCode } from '../exit-code.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';
import { readKeys } from '../read-keys.ts';

interface ReceiptFlags extends ConnectionFlags {
  readonly output?: string;
  readonly verify?: true;
  readonly keys?: string;
  readonly file?: true;
}

export const receiptCommand = (): Command =>
  operatorCommand(
    'receipt',
    'Fetch the receipt of a decision: proof that it is in the signed ledger, to be checked offline.',
    'countersign receipt dec_0198c5… --output receipt.json\ncountersign receipt receipt.json --file --verify --keys keys.txt',
  )
    .argument('<decision>', 'id of the decision; with --file, a receipt kept earlier')
    .option('--output <file>', 'write it there instead of stdout')
    .option('--verify', 'check it, and say what that proves; exit code 1 when it does not hold')
    .option('--keys <file>', 'keys of the log from elsewhere, one a line; the signer must be one of them')
    .option('--file', 'read the receipt from a file; needs no server')
    .action(async (decision: string, flags: ReceiptFlags) => {
      const text = flags.file ? await readGiven(decision) : await fetched(decision, flags);
      if (flags.output !== undefined) await writeFile(flags.output, text);
      if (flags.verify) await verify(text, flags);
      else if (flags.output === undefined) console.log(text.trimEnd());
    });

async function fetched(decision: string, flags: ReceiptFlags): Promise<string> {
  const session = await connect(flags);
  const receipt = await session.get<unknown>(`/decisions/${encodeURIComponent(decision)}/receipt`);
  return `${JSON.stringify(receipt, null, 2)}\n`;
}

/** Exit code 1 says that the receipt proves nothing. */
async function verify(text: string, { keys, json }: ReceiptFlags): Promise<void> {
  const report = verifyReceipt(nodeCrypto, readReceipt(text), await readKeys(keys));
  console.log(json ? JSON.stringify(report, null, 2) : report.summary);
  if (!report.ok) process.exitCode = exitCode.no;
}
