import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { ECHO_ROLE, serveEcho } from './echo.ts';
import { isMet, type Figure } from './figure.ts';
import { LOAD_ROLE, serveLoad } from './load/load-process.ts';
import { plans, type Plan } from './plans.ts';
import { renderTable } from './render.ts';
import { startStage } from './stage.ts';

const HELP = `npm run bench [-- --quick] [--output FILE] [--only PART] [--profile DIR]

Measures what design section 16 promises, on a Postgres and an api of its own, and prints the table.
  --quick          under a minute; leaves out what takes long, and says what
  --output FILE    where the JSON goes (bench-results.json)
  --only PART      policy, throughput, overshoot, flood or long-life; may be given more than once
  --profile DIR    writes a CPU profile of the api there

Exit codes: 0 every figure meets its bound; 1 one missed it; 2 it could not be measured.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      output: { type: 'string', default: 'bench-results.json' },
      only: { type: 'string', multiple: true },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const plan = plans(values.quick, values.only);
  const startedAt = performance.now();
  const figures = await measure(plan, values.profile);
  const machine = machineLine();
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  console.log(
    `\n${renderTable(figures, plan.skipped, `${machine}; ${seconds} s; npm run bench${values.quick ? ' -- --quick' : ''}`)}`,
  );
  await writeFile(
    values.output,
    `${JSON.stringify({ at: new Date().toISOString(), machine, seconds, figures, skipped: plan.skipped }, null, 2)}\n`,
  );
  return figures.every(isMet) ? 0 : 1;
}

async function measure({ parts }: Plan, profile: string | undefined): Promise<readonly Figure[]> {
  const stage = await startStage(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]);
  try {
    const figures: Figure[] = [];
    for (const { name, run } of parts) {
      process.stderr.write(`measuring ${name} …\n`);
      figures.push(...(await run(stage)));
    }
    return figures;
  } finally {
    await stage.close();
  }
}

function machineLine(): string {
  const all = cpus();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${all.length} cores (${all[0]?.model.trim() ?? 'unknown'}), ${gibibytes} GiB, ${process.platform}, Node ${process.version}, embedded Postgres 17`;
}

switch (process.argv[2]) {
  case LOAD_ROLE:
    serveLoad();
    break;
  case ECHO_ROLE:
    await serveEcho();
    break;
  default:
    process.exitCode = await main().catch((error: unknown) => {
      console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
      return 2;
    });
}
