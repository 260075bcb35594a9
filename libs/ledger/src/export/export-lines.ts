import { Actor, EventId, Instant, OrganizationId } from '@countersign/kernel';
import { z } from 'zod';
import { fromBase64, HASH_BYTES, toBase64 } from '../bytes.ts';
import { formatVkey, type SigningKeyRange } from '../checkpoint/index.ts';
import type { RecordedEvent } from '../envelope.ts';
import { LedgerFormatError } from '../format-error.ts';

/** The lines of an export (NDJSON): one `export`, then events by position, checkpoints by size, keys by age;
 * or, in place of all that is left, one `overtaken`. */

const Count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const LowerCase = z.string().regex(/^[0-9a-f-]*$/, 'must be lower case');
const Hash = z.string().refine((text) => fromBase64(text)?.length === HASH_BYTES, 'must be the base64 of 32 bytes');
const WellFormed = z.string().refine((text) => !/\p{Surrogate}/u.test(text), 'must not contain a lone surrogate');

/** The leaf's layout holds an id as 16 bytes, so only one spelling of it may verify. */
export const LedgerOrganization = OrganizationId.and(LowerCase);

/** What the leaf's layout holds for sure: 65,535 bytes, at most three for each UTF-16 unit. */
const HeaderText = WellFormed.max(21_845);

const HeaderLine = z.strictObject({
  kind: z.literal('export'),
  format: z.literal(1),
  organization: LedgerOrganization,
  /** The log's first name; later ones are events. */
  origin: z.string().min(1),
  /** The sizes of the checkpoints that follow, ascending: a reader can then check them in one pass. */
  checkpoints: z.array(Count),
});

const eventFields = {
  position: Count,
  id: EventId.and(LowerCase),
  stream: HeaderText,
  streamVersion: Count,
  type: HeaderText,
  schemaVersion: Count.max(0xffff_ffff),
  actor: Actor.extend({ id: HeaderText, credential: HeaderText }),
  recordedAt: Instant,
  commitment: Hash,
  /** The leaf hash, which tells where a change is; that it is right is proved by the checkpoints alone. */
  leaf: Hash,
};

const presentEvent = { ...eventFields, salt: Hash, payload: WellFormed };
const erasedEvent = { ...eventFields, erased: z.literal(true) };
const kindEvent = { kind: z.literal('event') };

/** An event with the exact text of its payload, or the mark that it was erased. */
export const EventBody = z.union([z.strictObject(presentEvent), z.strictObject(erasedEvent)]);
export type EventBody = z.infer<typeof EventBody>;

const EventLine = z.union([
  z.strictObject({ ...kindEvent, ...presentEvent }),
  z.strictObject({ ...kindEvent, ...erasedEvent }),
]);

const CheckpointLine = z.strictObject({ kind: z.literal('checkpoint'), note: z.string() });

const KeyLine = z.strictObject({
  kind: z.literal('key'),
  vkey: z.string(),
  from: Count,
  until: Count.nullable(),
});

/**
 * The last line of an export that cannot be finished: the payload at `position` was erased while it was written, by an
 * event that it does not reach. Only a new export can account for it.
 */
const OvertakenLine = z.strictObject({ kind: z.literal('overtaken'), position: Count });

export type HeaderLine = z.infer<typeof HeaderLine>;
export type EventLine = z.infer<typeof EventLine>;
export type CheckpointLine = z.infer<typeof CheckpointLine>;
export type KeyLine = z.infer<typeof KeyLine>;
export type OvertakenLine = z.infer<typeof OvertakenLine>;
export type ExportLine = HeaderLine | EventLine | CheckpointLine | KeyLine | OvertakenLine;

const AnyLine = z.object({ kind: z.enum(['export', 'event', 'checkpoint', 'key', 'overtaken']) });
const schemas = {
  export: HeaderLine,
  event: EventLine,
  checkpoint: CheckpointLine,
  key: KeyLine,
  overtaken: OvertakenLine,
};

/** An event as a line. `leaf` is its leaf hash, which the writer has at hand. */
export function eventLine(event: RecordedEvent, leaf: Uint8Array): EventLine {
  return { kind: 'event', ...eventBody(event, leaf) };
}

/** A key as a line, as the log's own events give it. */
export const keyLine = ({ key, from, until }: SigningKeyRange): KeyLine => ({
  kind: 'key',
  vkey: formatVkey(key),
  from,
  until,
});

export function eventBody(event: RecordedEvent, leaf: Uint8Array): EventBody {
  const { actor, commitment, content } = event;
  const fields = {
    position: event.position,
    id: event.id,
    stream: event.stream,
    streamVersion: event.streamVersion,
    type: event.type,
    schemaVersion: event.schemaVersion,
    actor: { kind: actor.kind, id: actor.id, method: actor.method, credential: actor.credential },
    recordedAt: event.recordedAt,
    commitment: toBase64(commitment),
    leaf: toBase64(leaf),
  };
  return content ? { ...fields, salt: toBase64(content.salt), payload: content.payload } : { ...fields, erased: true };
}

/** The event a body describes. Nothing about it is checked beyond its form. */
export function eventOf(body: EventBody, organizationId: OrganizationId): RecordedEvent {
  const { position, id, stream, streamVersion, type, schemaVersion, actor, recordedAt, commitment } = body;
  const header = { organizationId, position, id, stream, streamVersion, type, schemaVersion, actor, recordedAt };
  const content = 'salt' in body ? { salt: hashBytes(body.salt), payload: body.payload } : null;
  return { ...header, commitment: hashBytes(commitment), content };
}

/** One line without its newline. Keys stand in the order of the types above, which reading insists on. */
export const writeExportLine = (line: ExportLine) => JSON.stringify(line);

/**
 * Reads a line and insists that it is exactly what `writeExportLine` would write: a space, another spelling of a
 * number, an escape more, a field more or twice would be a change that no hash covers.
 *
 * @throws {LedgerFormatError} naming the field.
 */
export function readExportLine(text: string): ExportLine {
  const value = readJson(text);
  const kind = AnyLine.safeParse(value);
  if (!kind.success) throw malformed('`kind` must be export, event, checkpoint, key or overtaken');

  const line = schemas[kind.data.kind].safeParse(value);
  if (!line.success) throw malformed(fieldProblem(line.error));
  if (writeExportLine(line.data) !== text)
    throw new LedgerFormatError(
      'export.line_not_canonical',
      'the line is not written as an export writes it: it was changed',
    );
  return line.data;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('the line must be one JSON object');
  }
}

/** The first thing wrong, by field. Of an event's two forms the nearer one speaks. */
export function fieldProblem({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (!issue) return 'has no known form';
  const nearest = nearestForm(issue);
  const field = [...issue.path, ...(nearest?.path ?? [])].map(String).join('.');
  const { message } = nearest ?? issue;
  return field ? `\`${field}\`: ${message}` : message;
}

function nearestForm(issue: z.core.$ZodIssue): z.core.$ZodIssue | undefined {
  return issue.code === 'invalid_union' ? issue.errors.toSorted((a, b) => a.length - b.length)[0]?.[0] : undefined;
}

/** Of a text that a schema has already checked. */
export const hashBytes = (text: string) => fromBase64(text) ?? new Uint8Array(0);

const malformed = (message: string) => new LedgerFormatError('export.line_malformed', message);
