import { invalidRequest, readWire } from '@countersign/http';
import { readJson } from '@countersign/json';
import { Action } from '@countersign/decisions';
import { z } from 'zod';
import { Take } from '../application/takes.ts';

/** What one action may weigh, and what its arguments may. Beyond it nobody could judge what they approve. */
const ACTION_BYTES_MAX = 256 * 1_024;
const ARGS_BYTES_MAX = 64 * 1_024;

/** The most actions or outcomes one request may carry. */
export const BATCH_MAX = 500;

/** `args` may nest 32 deep; the body around it adds one level, a take one more, a batch two. */
const DEPTH_MAX = { single: 33, take: 34, batch: 35 } as const;

/** The strict JSON of a request. @throws {ProblemAnswer} 400 naming the path. */
export function readBody(text: unknown, kind: keyof typeof DEPTH_MAX = 'single'): unknown {
  if (typeof text !== 'string')
    throw invalidRequest([{ field: '(body)', code: 'json.missing', message: 'must be JSON; nothing was sent' }]);
  const read = readJson(text, { depthMax: DEPTH_MAX[kind], ...(kind !== 'batch' && { bytesMax: ACTION_BYTES_MAX }) });
  if (read.ok) return read.value;
  const { code, path, message } = read.problem;
  throw invalidRequest([{ field: path === '' ? '(body)' : path, code, message }]);
}

/** Of a request that says everything with its path: no body, or an empty object. @throws {ProblemAnswer} 400. */
export function readNothing(text: unknown): void {
  if (text === undefined || text === null || text === '') return;
  readWire(z.strictObject({}), readBody(text));
}

/** One action, or a refusal that names every field that is wrong. */
export function readAction(value: unknown): Action {
  const action = readWire(Action, value);
  refuseOver('args', action.args, ARGS_BYTES_MAX);
  return action;
}

/** A take, or a refusal that names every field that is wrong. */
export function readTake(text: unknown): Take {
  const take = readWire(Take, readBody(text, 'take'));
  refuseOver('action.args', take.action.args, ARGS_BYTES_MAX);
  return take;
}

/** In a batch nothing else bounds what one result weighs. @throws {ProblemAnswer} 400. */
export const refuseLargeResult = (result: unknown) => refuseOver('result', result, ACTION_BYTES_MAX);

function refuseOver(field: string, value: unknown, bytes: number): void {
  if (value === undefined || !isOver(value, bytes)) return;
  throw invalidRequest([{ field, code: 'field.too_large', message: `must be at most ${bytes} bytes of JSON` }]);
}

/** A list of at most `most` under one name, its entries still unread: each stands alone. */
export function readList(value: unknown, name: string, most: number): readonly unknown[] {
  const words = `must be a list of 1 to ${most}`;
  const list = z.array(z.unknown(), words).min(1, words).max(most, words);
  return readWire(z.strictObject({ [name]: list }), value)[name] ?? [];
}

/** UTF-8 takes at least a byte for each character, so most are settled by length alone. */
function isOver(value: unknown, bytes: number): boolean {
  const text = JSON.stringify(value);
  return text.length > bytes || (text.length * 3 > bytes && Buffer.byteLength(text) > bytes);
}
