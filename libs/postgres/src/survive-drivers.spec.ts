import { describe, expect, it } from 'vitest';
import { isLostConnection } from './survive-drivers.ts';

const thrownBy = (file: string) =>
  Object.assign(new TypeError('cannot write'), { stack: `TypeError\n    at nextWrite (${file}:255:22)` });

describe('an error that nobody caught', () => {
  it('is survived when a driver lost its connection', () => {
    expect(isLostConnection(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))).toBe(true);
    expect(isLostConnection(Object.assign(new Error('shut down'), { code: '57P01' }))).toBe(true);
    expect(isLostConnection(thrownBy('/app/node_modules/postgres/src/connection.js'))).toBe(true);
  });

  it('ends the process when it is a defect of ours', () => {
    expect(isLostConnection(new Error('ours'))).toBe(false);
    expect(isLostConnection(thrownBy('/app/dist/api/main.js'))).toBe(false);
    expect(isLostConnection('a text')).toBe(false);
  });
});
