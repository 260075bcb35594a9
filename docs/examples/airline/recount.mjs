#!/usr/bin/env node
// Recomputes from the recording alone what `countersign replay` should report under `policy.yaml`.
//
//   node docs/examples/airline/recount.mjs [FILE] [approve|deny|leave]
//
// It shares no code with the project on purpose, and reads neither its policy nor its ledger: the rules are written
// here a second time, by hand. Two programs that agree by accident would have to be wrong in the same way.
import { readFileSync } from 'node:fs';

const [, , given, answer = 'leave'] = process.argv;
const file = given ?? new URL('../../../../shared/data/airline-agent-runs.ndjson', import.meta.url);
const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line));

const ALLOWED = new Set([
  'get_user_details',
  'get_reservation_details',
  'search_direct_flight',
  'search_onestop_flight',
  'list_all_airports',
  'calculate',
  'think',
  'transfer_to_human_agents',
]);
const ASKED = new Set(['cancel_reservation', 'update_reservation_flights', 'update_reservation_passengers']);

/** Nano-USD: 0.625 and 2.50 USD per million characters. */
const INPUT = 625n;
const OUTPUT = 2_500n;
const RUN_CAP = 250_000_000n;
const DAY_CAP = 20_000_000_000n;
/** What a line that does not bound its answer is taken to have bounded it to, as docs/replay-format.md says. */
const OUTPUT_CHARS_MAX = 4_000;

const price = (input, output) => INPUT * BigInt(input) + OUTPUT * BigInt(output);

/** Tools whose verdict depends on what they are called with. */
const JUDGED = new Map([
  ['book_reservation', verdictOfBooking],
  ['send_certificate', ({ amount }) => (amount === undefined || amount > 100 ? 'ask' : 'allow')],
  ['update_reservation_baggages', ({ nonfree_baggages }) => (nonfree_baggages === 0 ? 'allow' : 'ask')],
]);

function verdictOfBooking({ payment_methods }) {
  if (payment_methods === undefined) return 'ask';
  let total = 0;
  for (const payment of payment_methods) total += payment.amount;
  return total > 500 ? 'ask' : 'allow';
}

function verdictOfTool({ intent, args = {} }) {
  if (ALLOWED.has(intent)) return 'allow';
  if (ASKED.has(intent)) return 'ask';
  const judge = JUDGED.get(intent);
  return judge === undefined ? 'block' : judge(args);
}

const byIntent = {};
const spentByRun = new Map();
const exhausted = new Set();
let spentInAll = 0n;
let blockedByBudget = 0;

function verdictOfModel({ run, target, input_chars, output_chars, max_output_chars }) {
  if (target !== 'gpt-4o') return 'block';
  const spent = spentByRun.get(run) ?? 0n;
  const held = price(input_chars, Math.max(max_output_chars ?? OUTPUT_CHARS_MAX, output_chars));
  if (spent + held > RUN_CAP || spentInAll + held > DAY_CAP) {
    blockedByBudget += 1;
    if (spent + held > RUN_CAP) exhausted.add(run);
    return 'block';
  }
  const actual = price(input_chars, output_chars);
  spentByRun.set(run, spent + actual);
  spentInAll += actual;
  return 'allow';
}

const totals = { allow: 0, ask: 0, block: 0 };
for (const line of lines) {
  const verdict = line.kind === 'llm' ? verdictOfModel(line) : verdictOfTool(line);
  byIntent[line.intent] ??= { allow: 0, ask: 0, block: 0 };
  byIntent[line.intent][verdict] += 1;
  totals[verdict] += 1;
}

/** What nobody answers the agent takes back, but for the last ones: it may have 20 waiting, and plays 16 runs at once. */
const LEFT_MAX = 4;

/** What this policy asks spends nothing, so no budget can refuse what was approved. */
function endsOf(asked) {
  const left = Math.min(asked, LEFT_MAX);
  const ends = { answer, approved: 0, taken: 0, denied: 0, waiting: 0, takenBack: 0, answeredByOthers: 0 };
  const byAnswer = {
    approve: { approved: asked, taken: asked },
    deny: { denied: asked },
    leave: { waiting: left, takenBack: asked - left },
  };
  return { ...ends, ...byAnswer[answer], refusedTakes: [], refusedAnswers: [] };
}

function decimal(nanos) {
  const text = nanos.toString().padStart(10, '0');
  return `${text.slice(0, -9)}.${text.slice(-9)}`.replace(/\.?0+$/, '');
}

console.log(
  JSON.stringify(
    {
      runs: new Set(lines.map(({ run }) => run)).size,
      actions: lines.length,
      ...totals,
      asks: endsOf(totals.ask),
      byIntent: Object.fromEntries(Object.entries(byIntent).sort(([a], [b]) => (a < b ? -1 : 1))),
      spentUsd: decimal(spentInAll),
      blockedByBudget,
      runsOverBudget: exhausted.size,
    },
    null,
    2,
  ),
);
