import {
  Alias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Problem } from './problem.ts';

/** Where something stands in the text; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type YamlPath = readonly (string | number)[];

/** A YAML text as plain values, with the way back from a path to its place. */
export interface YamlText {
  /** Undefined when the text cannot be read at all. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Of the value at the path, or, where there is none, of what would hold it. */
  readonly locate: (path: YamlPath) => Place;
  readonly locateKey: (path: YamlPath) => Place;
  /** Column of the first character inside a text: after its quote. */
  readonly locateText: (path: YamlPath, offset: number) => Place;
}

/** Room for thousands of rules; reading text made to be slow takes seconds beyond it. */
const TEXT_MAX = 256 * 1024;
const start: Place = { line: 1, column: 1 };

/**
 * YAML 1.2 core without what makes it mean something else than it seems: no anchors, aliases, tags, merge keys,
 * directives, second documents, doubled keys, or numbers in other forms than plain decimals.
 */
export function readYaml(text: string): YamlText {
  if (text.length > TEXT_MAX) return unreadable(`is over ${TEXT_MAX / 1024} KiB long`);
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: lines,
      version: '1.2',
      schema: 'core',
      // Checked below: the library compares every key with every other.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    });
    const [first, second] = documents as readonly Document.Parsed[];
    if (first === undefined || first.contents === null) return unreadable('is empty');
    return read(first, second, lines);
  } catch (error) {
    if (error instanceof RangeError) return unreadable('is nested too deep');
    throw error;
  }
}

function unreadable(reason: string): YamlText {
  const problem: Problem = {
    severity: 'error',
    code: 'yaml.syntax',
    ...start,
    path: '',
    message: `The text ${reason}.`,
  };
  return {
    value: undefined,
    problems: [problem],
    locate: () => start,
    locateKey: () => start,
    locateText: () => start,
  };
}

interface Reading {
  readonly lines: LineCounter;
  readonly report: (code: string, offset: number, message: string) => void;
}

function read(document: Document.Parsed, second: Document.Parsed | undefined, lines: LineCounter): YamlText {
  const problems: Problem[] = [];
  const report: Reading['report'] = (code, offset, message) =>
    problems.push({ severity: 'error', code, ...placeAt(lines, offset), path: '', message });
  const reading = { lines, report };

  reportSyntax(document, reading);
  if (second)
    report('yaml.second_document', second.range[0], 'A second document begins here: a policy is one document.');
  if (document.directives.yaml.explicit)
    report('yaml.directive', 0, 'A policy takes no directives: remove the `%` line.');
  inspect(document, reading);
  const isBroken = document.errors.some(({ code }) => code !== 'BAD_ALIAS');
  return { value: isBroken ? undefined : plainOf(document.contents), problems, ...finders(document, lines) };
}

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function reportSyntax(document: Document.Parsed, { report }: Reading): void {
  for (const { code, pos, message } of document.errors) {
    // An alias without its anchor is reported with the aliases.
    if (code !== 'BAD_ALIAS') report('yaml.syntax', pos[0], `${message}.`);
  }
  for (const { pos, message } of document.warnings) report('yaml.syntax', pos[0], `${message}.`);
}

function inspect(document: Document.Parsed, { report }: Reading): void {
  visit(document, {
    Alias: (_, { range }) =>
      report(
        'yaml.alias',
        offsetOf(range),
        'A `*` begins an alias here: put patterns that begin with `*` in quotes, and write out what is repeated.',
      ),
    Map: (_, map) => inspectKeys(map, report),
    Pair: (_, pair) => inspectKey(pair, report),
    Node: (_, node) => inspectNode(node, report),
  });
}

function inspectNode(node: Node, report: Reading['report']): void {
  if (node instanceof Alias) return;
  const { anchor, tag, range } = node as Exclude<Node, Alias>;
  if (anchor !== undefined)
    report(
      'yaml.anchor',
      offsetOf(range),
      `\`&${anchor}\` names an anchor: write out what is repeated, or use quotes.`,
    );
  if (tag !== undefined)
    report(
      'yaml.tag',
      offsetOf(range),
      `\`${tag}\` is a tag: a policy needs none; use quotes for text that begins with \`!\`.`,
    );
  if (isScalar(node)) inspectNumber(node, report);
}

/** A number must be what it looks like: 0x10, 1e3, .inf and digits that a double cannot hold are not. */
function inspectNumber(
  { value, source, range }: { value: unknown; source?: string; range?: Range },
  report: Reading['report'],
): void {
  if (typeof value !== 'number' && typeof value !== 'bigint') return;
  const text = source ?? '';
  const isPlain = /^-?\d+(\.\d+)?$/.test(text) && shortest(text) === String(value);
  if (!isPlain)
    report(
      'yaml.number',
      offsetOf(range),
      `\`${text}\` is not a plain decimal that is kept exactly: write it in digits, or in quotes.`,
    );
}

const shortest = (text: string) => {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
};

function inspectKey({ key }: Pair, report: Reading['report']): void {
  const offset = offsetOf((key as Node | null)?.range);
  if (!isScalar(key) || typeof key.value !== 'string') report('yaml.key', offset, 'A key is a text: put it in quotes.');
  else if (key.value === '<<') report('yaml.merge_key', offset, '`<<` is a merge key: write out what is repeated.');
}

function inspectKeys({ items }: YAMLMap, report: Reading['report']): void {
  const seen = new Set<string>();
  for (const { key } of items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (seen.has(name))
      report(
        'yaml.duplicate_key',
        offsetOf((key as Node | null)?.range),
        `\`${name}\` is here twice: keep one of them.`,
      );
    seen.add(name);
  }
}

type Range = readonly [number, number, number] | null | undefined;
const offsetOf = (range: Range) => range?.[0] ?? 0;

/** As JSON would have it; keys are data, `__proto__` included. */
function plainOf(node: unknown): unknown {
  if (isMap(node))
    return Object.fromEntries(
      node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), plainOf(value)]),
    );
  if (isSeq(node)) return node.items.map(plainOf);
  return isScalar(node) ? node.value : null;
}

function finders(document: Document.Parsed, lines: LineCounter): Pick<YamlText, 'locate' | 'locateKey' | 'locateText'> {
  const locate = (path: YamlPath): Place => {
    const node = nodeAt(document, path);
    if (node?.range) return placeAt(lines, node.range[0]);
    return path.length === 0 ? start : locate(path.slice(0, -1));
  };
  return {
    locate,
    locateKey: (path) => {
      const key = keyAt(document, path);
      return key?.range ? placeAt(lines, key.range[0]) : locate(path);
    },
    locateText: (path, offset) => {
      const node = nodeAt(document, path);
      const { line, column } = locate(path);
      const indent = isScalar(node) ? textIndents[node.type ?? ''] : undefined;
      return indent === undefined ? { line, column } : { line, column: column + indent + offset };
    },
  };
}

/** Only where the text stands on one line as it is read; a place inside a block of text is its beginning. */
const textIndents: Readonly<Record<string, number | undefined>> = { PLAIN: 0, QUOTE_SINGLE: 1, QUOTE_DOUBLE: 1 };

function nodeAt(document: Document.Parsed, path: YamlPath): Node | undefined {
  let node: unknown = document.contents;
  for (const step of path) node = isSeq(node) ? node.items[Number(step)] : pairAt(node, step)?.value;
  return node && typeof node === 'object' ? (node as Node) : undefined;
}

const keyAt = (document: Document.Parsed, path: YamlPath) =>
  pairAt(nodeAt(document, path.slice(0, -1)), path.at(-1) ?? '')?.key as Node | undefined;

const pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

/** By a map, because a text of ten thousand wrong keys asks for the place of each. */
function pairAt(node: unknown, key: string | number): Pair | undefined {
  if (!isMap(node)) return undefined;
  const known =
    pairs.get(node) ?? new Map(node.items.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', pair]));
  pairs.set(node, known);
  return known.get(String(key));
}
