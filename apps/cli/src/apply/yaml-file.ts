import { LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { z } from 'zod';
import { readGiven } from '../read-given.ts';

/** What a file says, or everything that is wrong with it, each as `file:line:column error code message`. */
export type YamlRead<Value> = { readonly value: Value } | { readonly problems: readonly string[] };

/** Reads one YAML file by a schema. Every problem at once, each with its place. */
export async function readYamlFile<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<YamlRead<z.infer<Schema>>> {
  return readYamlText(file, await readGiven(file), schema);
}

export function readYamlText<Schema extends z.ZodType>(
  file: string,
  text: string,
  schema: Schema,
): YamlRead<z.infer<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    lineCounter: lines,
    merge: false,
    prettyErrors: false,
  });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  const syntax = [...document.errors, ...document.warnings].map(
    ({ message, pos }) => `${place(pos[0])} error yaml.syntax ${message}`,
  );
  if (syntax.length > 0) return { problems: syntax };

  const aliases = aliasesOf(document).map(
    (offset) => `${place(offset)} error yaml.alias write the value out: aliases are not followed`,
  );
  if (aliases.length > 0) return { problems: aliases };

  const read = schema.safeParse(document.toJS() as unknown);
  if (read.success) return { value: read.data };
  return { problems: read.error.issues.flatMap((issue) => issueLines(issue, document, place)) };
}

/** A few lines of aliases can stand for gigabytes. */
function aliasesOf(document: Document): readonly number[] {
  const offsets: number[] = [];
  visit(document, { Alias: (_, { range }) => void offsets.push(range?.[0] ?? 0) });
  return offsets;
}

function issueLines(issue: z.core.$ZodIssue, document: Document, place: (offset: number) => string): readonly string[] {
  const at = (path: readonly PropertyKey[]) => place(offsetOf(document, path));
  const named = (path: readonly PropertyKey[]) => (path.length === 0 ? '' : `\`${path.map(String).join('.')}\` `);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(
      (key) =>
        `${at([...issue.path, key])} error file.unknown_key ${named([...issue.path, key])}is no key here: remove it or correct its name`,
    );
  return [`${at(issue.path)} error file.wrong_value ${named(issue.path)}${issue.message}`];
}

/** The value at a path, or the nearest thing around it that exists. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length) as (string | number)[], true) as
      { range?: readonly number[] } | undefined;
    if (node?.range?.[0] !== undefined) return node.range[0];
  }
  return 0;
}
