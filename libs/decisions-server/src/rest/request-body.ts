import { invalidRequest, readWire } from '@countersign/http';
import { readJson } from '@countersign/json';
import { Action } from '@countersign/decisions';
import type { z } from 'zod';

/** What one action may weigh, and what its arguments may. Beyond it nobody could judge what they approve. */
const ACTION_BYTES_MAX = 256 * 1_024;
const ARGS_BYTES_MAX = 64 * 1_024;

/** `args` may nest 32 deep; the body around it adds one level, a batch two more. */
const DEPTH_MAX = { single: 33, batch: 35 } as const;

/** The strict JSON of a request. @throws {ProblemAnswer} 400 naming the path. */
export function readBody(text: unknown, kind: keyof typeof DEPTH_MAX = 'single'): unknown {
  if (typeof text !== 'string') throw invalidRequest([{ field: '(body)', code: 'json.missing', message: 'must be JSON; nothing was sent' }]);
  const read = readJson(text, { depthMax: DEPTH_MAX[kind], ...(kind === 'single' && { bytesMax: ACTION_BYTES_MAX }) });
  if (read.ok) return read.value;
  const { code, path, message } = read.problem;
  throw invalidRequest([{ field: path === '' ? '(body)' : path, code, message }]);
}

/** One action, or a refusal that names every field that is wrong. */
export function readAction(value: unknown): Action {
  const action = readWire(Action, value);
  if (action.args !== undefined && isOver(action.args, ARGS_BYTES_MAX))
    throw invalidRequest([{ field: 'args', code: 'field.too_large', message: `must be at most ${ARGS_BYTES_MAX} bytes of JSON` }]);
  return action;
}

/** A list of at most `most` under one name, its entries still unread: each stands alone. */
export function readList(value: unknown, name: string, most: number): readonly unknown[] {
  const list = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>)[name] : undefined;
  const unknown = Object.keys(value ?? {}).find((key) => key !== name);
  if (unknown !== undefined) throw invalidRequest([{ field: unknown, code: 'field.unknown', message: `is not a field of this request: only \`${name}\` is` }]);
  if (!Array.isArray(list) || list.length === 0 || list.length > most)
    throw invalidRequest([{ field: name, code: 'field.invalid', message: `must be a list of 1 to ${most}` }]);
  return list as readonly unknown[];
}

/** Reads a query parameter or path segment by its schema. */
export const readParameter = <Schema extends z.ZodType>(schema: Schema, value: unknown) => readWire(schema, value);

/** UTF-8 takes at least a byte for each character, so most are settled by length alone. */
function isOver(value: object, bytes: number): boolean {
  const text = JSON.stringify(value);
  return text.length > bytes || (text.length * 3 > bytes && Buffer.byteLength(text) > bytes);
}
