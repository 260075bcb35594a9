import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';

/** One problem as the server writes it (RFC 9457). */
export interface ServerProblem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { field: string; code: string; message: string; line?: number; column?: number }[];
}

/** The server said no, with a code to branch on. */
export class ServerRefused extends CommandFailed {
  constructor(readonly problem: ServerProblem) {
    super(linesOf(problem).join('\n'), problem.status >= 500 ? exitCode.unreachable : exitCode.refused);
  }
}

/** What every field problem says, one a line, after what is wrong as a whole. */
function linesOf({ detail, code, errors = [] }: ServerProblem): readonly string[] {
  const fields = errors.map(
    ({ field, message, line }) => `  ${line === undefined ? field : `line ${line} (${field})`}: ${message}`,
  );
  return [`${detail} [${code}]`, ...(errors.length > 1 ? fields : [])];
}

/** Long enough for an export of a large ledger to begin; a wait for news adds its own seconds. */
const TIMEOUT_MILLISECONDS = 60_000;

/** Speaks to the operator's REST surface. Every failure is one line that says what to do. */
export class OperatorClient {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  async get(path: string): Promise<unknown> {
    return json(await this.#send('GET', path));
  }

  /** @throws ServerRefused with the server's own code; CommandFailed when it cannot be reached. */
  async post(path: string, body: unknown): Promise<unknown> {
    return json(await this.#send('POST', path, JSON.stringify(body)));
  }

  async text(path: string): Promise<string> {
    return (await this.#send('GET', path)).text();
  }

  /** The body as it arrives, without a limit on how long it takes. */
  async stream(path: string): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.#send('GET', path, undefined, null);
    if (!body) throw new CommandFailed(`${this.url} sent nothing back`, exitCode.unreachable);
    return body;
  }

  async #send(method: string, path: string, body?: string, timeout: number | null = TIMEOUT_MILLISECONDS) {
    const answer = await this.#fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
      ...(timeout !== null && { signal: AbortSignal.timeout(timeout) }),
    });
    if (answer.ok) return answer;
    throw new ServerRefused(await problemOf(answer));
  }

  async #fetch(address: string, options: RequestInit): Promise<Response> {
    try {
      return await fetch(address, options);
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const why = (cause as { code?: string }).code ?? (cause instanceof Error ? cause.message : String(cause));
      const hint = 'is it running (`npm start`)? `--url` names another place';
      throw new CommandFailed(`${this.url} cannot be reached (${why}): ${hint}`, exitCode.unreachable);
    }
  }
}

async function json(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    throw new CommandFailed(`${answer.url} did not answer with JSON: is it a Countersign api?`, exitCode.unreachable);
  }
}

async function problemOf(answer: Response): Promise<ServerProblem> {
  const body = (await answer.json().catch(() => null)) as Partial<ServerProblem> | null;
  const fallback = `${answer.url} answered ${answer.status}`;
  return {
    status: answer.status,
    code: body?.code ?? `http.${answer.status}`,
    detail: body?.detail ?? fallback,
    ...(body?.errors && { errors: body.errors }),
  };
}
