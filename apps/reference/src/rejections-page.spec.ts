import path from 'node:path';
import { NOTICE_KINDS } from '@countersign/channels';
import { describe, expect, it } from 'vitest';
import { rejectionsPage } from './rejections-page.ts';
import { sections } from './sections.ts';
import { composedContexts, contextOf, mentionedCodes } from './source-codes.ts';

const entries = sections.flatMap((section) => section.entries);
const documented = new Set(entries.map(({ code }) => code));
const contexts = new Set([...documented].map(contextOf));
const mentions = mentionedCodes();

/** Kinds of notices have dots because the types of webhooks have. */
const kinds: ReadonlySet<string> = new Set(NOTICE_KINDS);

/** Contexts that are also something else in the sources: the demo's intents, and settings of a Postgres session. */
const isCode = ({ code, isSurelyCode }: (typeof mentions)[number]) =>
  isSurelyCode || (contexts.has(contextOf(code)) && !kinds.has(code));

describe('docs/rejections.md', () => {
  it('is what the code says: `npm run docs:rejections` writes it', async () => {
    const page = path.resolve(import.meta.dirname, '../../../docs/rejections.md');
    await expect(rejectionsPage(sections)).toMatchFileSnapshot(page);
  });

  it('lists every code that the sources mention', () => {
    const missing = mentions.filter((mention) => isCode(mention) && !documented.has(mention.code));
    expect(missing.map(({ code, file }) => `${code} in ${file}`)).toEqual([]);
  });

  it('lists no code that nothing gives any more', () => {
    const used = new Set(mentions.filter(({ isUse }) => isUse).map(({ code }) => code));
    const composed = composedContexts();
    expect([...documented].filter((code) => !used.has(code) && !composed.has(contextOf(code)))).toEqual([]);
  });

  it('lists every code once, in words', () => {
    const codes = entries.map(({ code }) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    expect(
      entries.filter(({ meaning, remedy = 'said for all' }) => !/^[A-Z`].*\.$/.test(meaning) || remedy === ''),
    ).toEqual([]);
  });
});
