import type { DecisionPage } from '@countersign/surface';
import { Option, type Command } from 'commander';
import { decisionLine } from '../format/decisions.ts';
import { paintOutput } from '../format/print.ts';
import { connect, type ConnectionFlags, type Session } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

interface DecisionsFlags extends ConnectionFlags {
  readonly follow?: true;
  readonly limit: string;
  readonly agent?: string;
  readonly verdict?: string;
  readonly run?: string;
  readonly after?: string;
}

/** One request waits so long; then the next one does. */
const WAIT_SECONDS = 25;

export const decisionsCommand = (): Command =>
  operatorCommand(
    'decisions',
    'Show the latest decisions, or follow them as they are made.',
    'countersign decisions --verdict block\ncountersign decisions --follow --json | jq .intent',
  )
    .option('-f, --follow', 'go on showing what is decided, until Ctrl-C')
    .option('-n, --limit <count>', 'how many, at most 500', '20')
    .option('--agent <agent>', 'only of this agent, by name or id')
    .addOption(new Option('--verdict <verdict>', 'only these').choices(['allow', 'ask', 'block']))
    .option('--run <run>', 'only of this run')
    .option('--after <position>', 'only behind this position of the ledger, oldest first')
    .action(async (flags: DecisionsFlags) => {
      const session = await connect(flags);
      const page = await pageOf(session, flags, flags.after === undefined ? {} : { after: flags.after });
      const isDownward = flags.after === undefined;
      show(isDownward ? page.decisions.toReversed() : page.decisions, flags);
      if (flags.follow) await follow(session, flags, isDownward ? page.last : page.next);
      else if (page.decisions.length === 0 && !flags.json) console.error('no decision yet that fits');
    });

/** JSON is one decision a line, so that a follower can read them as they come. */
function show(decisions: DecisionPage['decisions'], { json }: ConnectionFlags): void {
  const paint = paintOutput();
  for (const decision of decisions) console.log(json ? JSON.stringify(decision) : decisionLine(decision, paint));
}

async function follow(session: Session, flags: DecisionsFlags, from: number): Promise<never> {
  let after = from;
  for (;;) {
    const page = await pageOf(session, flags, { after: String(after), wait: String(WAIT_SECONDS) });
    show(page.decisions, flags);
    after = page.next;
  }
}

function pageOf(
  session: Session,
  { agent, verdict, run, limit }: DecisionsFlags,
  more: Readonly<Record<string, string>>,
) {
  const given = Object.entries({ agent, verdict, run, limit, ...more }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return session.get<DecisionPage>(`/decisions?${new URLSearchParams(given)}`);
}
