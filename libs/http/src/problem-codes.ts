import { ProblemAnswer } from './problem.ts';

/** What one code stands for, for as long as there is a Countersign. */
export interface ProblemCode {
  readonly status: number;
  /** A few words, the same for every problem of this code. */
  readonly title: string;
  /** One sentence: what was wrong. */
  readonly meaning: string;
  /** One sentence: what whoever sent the request can do. */
  readonly remedy: string;
}

export type ProblemCodes<Code extends string = string> = Readonly<Record<Code, ProblemCode>>;

/** Problems that any request can meet, whatever it asks for. */
export const httpProblems = {
  'request.invalid': {
    status: 400,
    title: 'Invalid request',
    meaning: 'The request cannot be read, or fields of it are wrong.',
    remedy: 'Correct what `errors` names; each entry has the field, a code and what would be right.',
  },
  'request.no_such_route': {
    status: 404,
    title: 'Not found',
    meaning: 'There is nothing at this path, or not for this method.',
    remedy: 'Compare method and path with `/openapi.json`.',
  },
  'request.too_large': {
    status: 413,
    title: 'Too large',
    meaning: 'The body is larger than the 4 MiB that one request may carry.',
    remedy: 'Send fewer actions or outcomes in one request.',
  },
  'request.headers_too_large': {
    status: 431,
    title: 'Headers too large',
    meaning: 'The headers of the request are larger than the 16 KiB that may be.',
    remedy: 'Send fewer or shorter headers; look what a proxy between adds.',
  },
  'request.timeout': {
    status: 408,
    title: 'Too slow',
    meaning: 'The request did not arrive as a whole within a minute, or within seconds while others needed the room.',
    remedy: 'Send it again; the same request id decides once.',
  },
  'request.unsupported_media_type': {
    status: 415,
    title: 'Unsupported media type',
    meaning: 'The body is said to be something else than JSON, or to be compressed.',
    remedy: 'Send JSON as it is, with `content-type: application/json` and no `content-encoding`.',
  },
  'server.busy': {
    status: 503,
    title: 'Busy',
    meaning: 'The bodies of all requests under way weigh as much as this process takes on at once.',
    remedy: 'Ask again after `Retry-After`; send fewer or smaller requests at once.',
  },
  'clock.unsure': {
    status: 503,
    title: 'Clock unsure',
    meaning: 'The clocks of the database and of the server do not agree, so nothing is recorded.',
    remedy: 'Ask again after `Retry-After`; if it stays, an operator has to set a clock right.',
  },
  'decision.not_recorded': {
    status: 503,
    title: 'Not recorded',
    meaning: 'The connection to the database was lost, and nothing was recorded.',
    remedy: 'Ask again after `Retry-After`, with the same request id.',
  },
  'decision.unknown': {
    status: 503,
    title: 'Unknown',
    meaning: 'The connection to the database was lost while recording, so it is not known whether it was recorded.',
    remedy:
      'Ask again after `Retry-After` with the same request id, which never decides twice; look before repeating a command.',
  },
  'postgres.connection_lost': {
    status: 503,
    title: 'Try again',
    meaning: 'The connection to the database was lost.',
    remedy: 'Ask again after `Retry-After`.',
  },
  'database.away': {
    status: 503,
    title: 'Try again',
    meaning: 'The database does not answer, or not in time.',
    remedy: 'Ask again after `Retry-After`.',
  },
  'server.defect': {
    status: 500,
    title: 'Defect',
    meaning: 'A defect of Countersign ended the request. Whatever it was, this is no permission.',
    remedy: 'Tell the operator the number in `detail`; the log has its entry.',
  },
} as const satisfies ProblemCodes;

/** What can be wrong with one field, as an entry of `errors` says it. */
export const fieldCodes = {
  'field.missing': 'A field that is required is not there.',
  'field.unknown': 'A field does not exist in this request.',
  'field.invalid': 'A value has the wrong type, or is none of those possible.',
  'field.too_large': 'A value is larger than one of its kind may be.',
} as const;

/** Gives a surface the only way it makes problems: from its table, so that no code can be missing there. */
export const problemsFrom =
  <Code extends string>(codes: ProblemCodes<Code>) =>
  (code: Code, detail: string, more: Readonly<Record<string, unknown>> = {}): ProblemAnswer => {
    const { status, title } = codes[code];
    return new ProblemAnswer({ status, code, title, detail, ...more });
  };
