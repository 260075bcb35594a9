import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { printSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedFields } from '../rights/demand-rights.ts';
import { openSurface } from '../surface.fixture.ts';

let surface: Awaited<ReturnType<typeof openSurface>>;
beforeAll(async () => {
  surface = await openSurface();
});
afterAll(() => surface.close());

describe('the schema', () => {
  it('is what is committed: `npm run graphql:schema` writes it', async () => {
    const file = path.resolve(import.meta.dirname, '../../schema.graphql');
    await expect(`${printSchema(surface.schema)}\n`).toMatchFileSnapshot(file);
  });

  it('says of every field what it asks', () => {
    const fields = [...askedFields(surface.schema)];
    expect(fields.filter(([, asked]) => asked === null).map(([field]) => field)).toEqual([]);
    expect(fields.map(([field]) => field)).toContain('Query.me');
  });

  it('has names that are written by hand: a bundler gives classes that collide others', () => {
    const sources = path.resolve(import.meta.dirname, '..');
    const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!\.spec)\.ts$/.test(file),
    );
    const unnamed = /@(ObjectType|InputType)\((\)|\{(?! isAbstract))/;
    expect(files.filter((file) => unnamed.test(readFileSync(path.join(sources, file), 'utf8')))).toEqual([]);
  });
});
