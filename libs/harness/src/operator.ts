import { issueOperatorToken, openIdentityDatabase } from '@countersign/prisma';
import { HttpClient } from './http-client.ts';

/** The operator's surface said no. */
export class OperatorRefused extends Error {
  readonly code = 'harness.operator_refused';
  override readonly name = 'OperatorRefused';
}

/** The operator, by token. Any answer but a good one throws, with what the server said. */
export class Operator {
  readonly #client: HttpClient;

  constructor(url: string, token: string) {
    this.#client = new HttpClient(url, token, 8);
  }

  async get(path: string): Promise<unknown> {
    return bodyOf(`GET ${path}`, await this.#client.get(path));
  }

  async text(path: string): Promise<string> {
    const answer = await this.#client.get(path);
    bodyOf(`GET ${path}`, answer);
    return answer.text;
  }

  async post(path: string, body: unknown): Promise<unknown> {
    return bodyOf(`POST ${path}`, await this.#client.post(path, body));
  }

  close(): void {
    this.#client.close();
  }
}

function bodyOf(call: string, { status, body, text }: { status: number; body: unknown; text: string }): unknown {
  if (status >= 200 && status < 300) return body;
  throw new OperatorRefused(`${call} answered ${status}: ${text.slice(0, 500)}`);
}

/** Writes a token straight into the database, as the first start does: nobody could ask for one yet. */
export async function plantOperatorToken(databaseUrl: string): Promise<string> {
  const identity = openIdentityDatabase(databaseUrl, { connections: 1 });
  try {
    return (await issueOperatorToken(identity, 'harness')).token;
  } finally {
    await identity.$disconnect();
  }
}
