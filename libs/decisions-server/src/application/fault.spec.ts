import { ClockUnsure, LedgerAbsent, NotCommitted } from '@countersign/ledger-server';
import { ConnectionLost } from '@countersign/postgres';
import { describe, expect, it } from 'vitest';
import { isCulpable } from './fault.ts';

const coded = (code: string) => Object.assign(new Error(code), { code });

describe('whose fault it is that a batch failed', () => {
  it.each([
    ...['08006', '40001', '40P01', '53100', '53300', '57014', '57P01', '58030', '55P03', '25P03', '25006'],
    ...['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECT_TIMEOUT'],
  ])('%s is the world’s: deciding one by one would fail as well', (code) => {
    expect(isCulpable(coded(code))).toBe(false);
  });

  it.each([
    ...['22003', '22P05', '23505', '23514', '54000', 'P0001', '0A000', '21000', '42804', 'XX000', '25P02', '55000'],
    ...['ERR_OUT_OF_RANGE', 'UNDEFINED_VALUE', 'MAX_PARAMETERS_EXCEEDED', 'ledger.stream_conflict', 'something.new'],
  ])('%s may be a request’s', (code) => {
    expect(isCulpable(coded(code))).toBe(true);
  });

  it('a defect of ours may be brought out by a request', () => {
    expect(isCulpable(new TypeError('undefined is not a function'))).toBe(true);
    expect(isCulpable('thrown as text')).toBe(true);
  });

  it.each([
    new ClockUnsure('two clocks'),
    new ConnectionLost(new Error('gone')),
    new LedgerAbsent('no such ledger'),
    new NotCommitted('nothing was recorded'),
  ])('$name says nothing about a request', (fault) => {
    expect(isCulpable(fault)).toBe(false);
  });
});
