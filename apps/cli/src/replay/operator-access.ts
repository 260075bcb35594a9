import { CommandFailed } from '../command-failed.ts';
import { OperatorCredentials, operatorFile, readPrivate } from '../credentials.ts';
import type { OperatorCalls } from './stage.ts';

/** How the operator is reached, as options say or `.countersign/operator.json` knows. */
export interface OperatorAccess extends OperatorCalls {
  readonly url: string;
  /** The answer's bytes as they come. */
  stream(path: string): Promise<ReadableStream<Uint8Array>>;
}

export interface AccessOptions {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  readonly dataDirectory: string;
}

const REFUSED = 3;
const UNREACHABLE = 4;

/** @throws {CommandFailed} when neither options nor the file say where and as whom */
export async function operatorAccess({ url, token, dataDirectory }: AccessOptions): Promise<OperatorAccess> {
  const known = await readPrivate(operatorFile(dataDirectory), OperatorCredentials);
  const base = url ?? known?.apiUrl;
  const bearer = token ?? known?.operatorToken;
  if (base === undefined || bearer === undefined)
    throw new CommandFailed(
      `no operator credentials: start with \`npm start\` (which writes ${operatorFile(dataDirectory)}), or give --url and --token`,
      2,
    );

  const call = (path: string, init: RequestInit = {}) =>
    answerOf(base, path, { ...init, headers: { authorization: `Bearer ${bearer}`, ...init.headers } });
  return {
    url: base,
    get: async (path) => (await call(path)).json(),
    post: async (path, body) =>
      (
        await call(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json(),
    stream: async (path) => (await call(path)).body ?? new ReadableStream(),
  };
}

async function answerOf(base: string, path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(new URL(path, base), init).catch((error: Error) => {
    throw new CommandFailed(
      `${base} does not answer (${causeOf(error)}): is it running? \`npm start\` starts it`,
      UNREACHABLE,
    );
  });
  if (response.ok) return response;
  throw new CommandFailed(problemLine(await response.text(), response.status), REFUSED);
}

const causeOf = ({ cause, message }: Error) =>
  cause instanceof Error ? cause.message || (cause as { code?: string }).code || message : message;

interface ProblemText {
  readonly detail?: string;
  readonly code?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

function problemLine(text: string, status: number): string {
  try {
    const { detail, code, errors = [] } = JSON.parse(text) as ProblemText;
    const fields = errors.map(({ field, message }) => `; \`${field}\` ${message}`).join('');
    return `the api refused: ${detail ?? text} (${code ?? status})${fields}`;
  } catch {
    return `the api answered ${status}: ${text.slice(0, 300)}`;
  }
}
