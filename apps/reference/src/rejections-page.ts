import type { Entry, Section } from './sections.ts';

const HEAD = `# Every code

<!-- Written by \`npm run docs:rejections\` from the code; a spec fails when the two differ. -->

A code is permanent: it is never renamed and never used for something else. Branch on codes; the words beside them are
for people and may change.
`;

/** The page as Markdown, the way prettier leaves it. */
export const rejectionsPage = (sections: readonly Section[]): string => [HEAD, ...sections.map(sectionText)].join('\n');

function sectionText({ title, intro, entries }: Section): string {
  const columns = [
    'code',
    ...(has(entries, 'status') ? ['status'] : []),
    'meaning',
    ...(has(entries, 'remedy') ? ['remedy'] : []),
  ] as const;
  const names = columns.map((column) => (column === 'remedy' ? 'what to do' : column));
  const rows = entries.map((entry) => columns.map((column) => cell(column, entry[column as keyof Entry])));
  return [`## ${title}\n`, `${intro}\n`, ...table([names, names.map(() => '---'), ...rows]), ''].join('\n');
}

const has = (entries: readonly Entry[], field: keyof Entry) => entries.some((entry) => entry[field] !== undefined);

function cell(column: string, value: string | number | undefined): string {
  const text = String(value ?? '').replaceAll('|', '\\|');
  return column === 'code' ? `\`${text}\`` : text;
}

const table = (rows: readonly (readonly string[])[]) => rows.map((row) => `| ${row.join(' | ')} |`);
