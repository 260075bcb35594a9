import { describe, expect, it } from 'vitest';
import { AppendWatch } from './append-watch.ts';

const framed = (type: string, body: string) => {
  const bytes = Buffer.from(body, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length + 4);
  return Buffer.concat([Buffer.from(type), length, bytes]);
};

const startup = framed('', '\0\x03\0\0user\0countersign\0\0');
const parse = (name: string, sql: string) => framed('P', `${name}\0${sql}\0\0\0`);
const bind = (name: string) => framed('B', `\0${name}\0\0\0\0\0\0\0`);

describe('the watch for appends', () => {
  const opened = () => {
    const watch = new AppendWatch();
    watch.commitsAppend(
      Buffer.concat([startup, parse('s1', 'insert into ledger.events values (1)'), parse('s2', 'commit')]),
    );
    return watch;
  };

  it('sees a commit of what was appended by name', () => {
    expect(opened().commitsAppend(Buffer.concat([bind('s1'), bind('s2')]))).toBe(true);
  });

  it('does not take a commit without an append for one', () => {
    const watch = opened();
    expect(watch.commitsAppend(bind('s2'))).toBe(false);
    watch.commitsAppend(Buffer.concat([bind('s1'), bind('s2')]));
    expect(watch.commitsAppend(bind('s2'))).toBe(false);
  });

  it('reads messages that arrive in pieces', () => {
    const watch = opened();
    const bytes = Buffer.concat([bind('s1'), bind('s2')]);
    const pieces = [...bytes].map((byte) => watch.commitsAppend(Buffer.from([byte])));
    expect(pieces.filter(Boolean)).toHaveLength(1);
    expect(pieces.at(-1)).toBe(true);
  });
});
