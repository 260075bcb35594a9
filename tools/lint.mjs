// `npm run lint`: ESLint over the tree, formatting, spelling; fails if any finds something.
//
// @nx/enforce-module-boundaries skips itself with only a warning when no project graph is cached. So the graph is built
// first, and canaries follow: small sources that break one rule each, and must be found to break it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { ESLint } from 'eslint';
import { kinds, otherScopes, projects, reads } from '../eslint.config.mjs';
import { canaries } from './lint-canaries.mjs';

process.chdir(path.resolve(import.meta.dirname, '..'));
// Without a daemon: nothing is left running behind, and a fresh clone behaves as this one.
process.env.NX_DAEMON = 'false';

/** A project whose tags no rule knows would be free to import anything. */
function checkTags() {
  const scopes = [...Object.keys(reads), ...otherScopes];
  const known = new Set([
    ...Object.keys(kinds).map((kind) => `type:${kind}`),
    ...scopes.map((scope) => `scope:${scope}`),
  ]);
  return projects
    .filter(({ tags }) => tags.length !== 2 || !tags[0].startsWith('type:') || !tags.every((tag) => known.has(tag)))
    .map(
      ({ root, tags }) =>
        `${root}/package.json: tags ${JSON.stringify(tags)}, want one type: and one scope: of eslint.config.mjs`,
    );
}

async function checkCanaries() {
  // A canary is text, not a file, so that it is part of no build; without a file there are no types to lint with.
  const eslint = new ESLint({
    overrideConfig: {
      files: ['**/*.ts'],
      languageOptions: { parserOptions: { project: null } },
      rules: {
        '@typescript-eslint/await-thenable': 'off',
        '@typescript-eslint/no-floating-promises': 'off',
        '@typescript-eslint/no-misused-promises': 'off',
      },
    },
  });
  const escaped = [];
  for (const { file, source, rule, why } of canaries) {
    const [{ messages }] = await eslint.lintText(source, { filePath: file });
    if (!messages.some(({ ruleId }) => ruleId === rule)) escaped.push(`${file}: ${rule} let it pass, though ${why}`);
  }
  return escaped;
}

async function checkSources() {
  const eslint = new ESLint({ warnIgnored: false });
  const results = await eslint.lintFiles(['.']);
  const found = results.filter(({ errorCount, warningCount }) => errorCount + warningCount > 0);
  const formatter = await eslint.loadFormatter('stylish');
  return found.length === 0 ? [] : [await formatter.format(found)];
}

/** Runs a tool of node_modules and collects what it says; nothing when it is content. */
async function checkBy(tool, ...flags) {
  const child = spawn(process.execPath, [path.join('node_modules', tool), ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  child.stdout.on('data', (chunk) => said.push(chunk));
  child.stderr.on('data', (chunk) => said.push(chunk));
  const [code] = await once(child, 'close');
  return code === 0 ? [] : [Buffer.concat(said).toString().trim()];
}

async function buildProjectGraph() {
  const { createProjectGraphAsync } = await import('nx/src/project-graph/project-graph.js');
  const { nodes } = await createProjectGraphAsync();
  return projects.filter(({ name }) => !nodes[name]).map(({ name }) => `${name} is missing from Nx's project graph`);
}

const others = [
  ['formatting', checkBy('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.')],
  ['spelling', checkBy('cspell/bin.mjs', 'lint', '--no-progress', '--no-summary', '--dot', '.')],
];
const checks = [
  ['tags', checkTags()],
  ['graph', await buildProjectGraph()],
  ['canaries', await checkCanaries()],
  ['sources', await checkSources()],
  ...(await Promise.all(others.map(async ([name, findings]) => [name, await findings]))),
];
for (const [name, findings] of checks) {
  console.log(findings.length === 0 ? `ok    ${name}` : `FAIL  ${name}\n${findings.join('\n')}\n`);
}
if (checks.some(([, findings]) => findings.length > 0)) process.exitCode = 1;
