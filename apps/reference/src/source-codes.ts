import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

/** What is shipped, not what tests it. The description of the api repeats codes and uses none. */
const SHIPPED = /^(libs\/[^/]+|apps\/(api|worker|cli))\/src\/.+\.ts$/;
const UNSHIPPED =
  /\.(spec|mother|fixture|contract|setup)\.ts$|^libs\/(harness|testing|ledger-testing)\/|\/rest\/openapi\//;

/** A literal that could be a code, what stands before it on its line, and the character after it. */
const LITERAL = /^(.*?)'([a-z]+(?:_[a-z]+)*\.[a-z][a-z0-9_]*)'(.?)/;

/** Names of files look like codes. */
const FILE_NAME = /\.(json|js|log|pid|prisma|sql|toml|wasm|yaml)$/;

interface Mention {
  readonly code: string;
  readonly file: string;
  /** Something that runs says it, rather than a list or a type. */
  readonly isUse: boolean;
  /** It stands where only a code can stand. */
  readonly isSurelyCode: boolean;
}

/** Everything in the sources that is, or could be, a code. */
export function mentionedCodes(): readonly Mention[] {
  return shippedFiles().flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .flatMap((line) => mentionsIn(line).map((mention) => ({ ...mention, file }))),
  );
}

/** Contexts whose codes are put together while running, as `key.${why}`. */
export function composedContexts(): ReadonlySet<string> {
  const texts = shippedFiles().map((file) => readFileSync(path.join(root, file), 'utf8'));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/code\S* [^;]*`([a-z_]+)\.\$\{/g)].map(([, context]) => context ?? '')),
  );
}

export const contextOf = (code: string) => code.split('.')[0] ?? '';

function shippedFiles(): readonly string[] {
  const files = ['libs', 'apps'].flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .map((project) => path.join(folder, project, 'src'))
      .flatMap((source) => filesIn(source)),
  );
  return files.filter((file) => SHIPPED.test(file) && !UNSHIPPED.test(file));
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      path.join(folder, file),
    );
  } catch {
    // A project without sources of its own, such as one that is only tests.
    return [];
  }
}

function mentionsIn(line: string): readonly Omit<Mention, 'file'>[] {
  const mentions: Omit<Mention, 'file'>[] = [];
  for (let rest = line, match = LITERAL.exec(rest); match; match = LITERAL.exec(rest)) {
    const [whole, before = '', code = '', next = ''] = match;
    rest = rest.slice(whole.length);
    if (FILE_NAME.test(code)) continue;
    const isType = /readonly code\??: $|\| ?$/.test(before);
    mentions.push({ code, isUse: next !== ':' && !isType, isSurelyCode: /\bcode(:| =) $/.test(before) });
  }
  return mentions;
}
