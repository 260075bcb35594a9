import { z } from 'zod';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';

const Answer = z.object({ data: z.record(z.string(), z.unknown()).nullish(), errors: z.array(z.unknown()).optional() });
const Payload = z.object({
  __typename: z.string(),
  id: z.string().nullish(),
  approval: z.object({ state: z.string() }).optional(),
  code: z.string().optional(),
  message: z.string().optional(),
});

/** What is asked of an answer, by the type of what was sent: each as `payload`, which `done` reads. */
export const OF_COMMAND = '__typename ... on CommandDone { id } ... on Refusal { code message }';
export const OF_APPROVAL =
  '__typename ... on ApprovalDone { approval { state } } ... on AlreadySettled { code message } ... on Refusal { code message }';

/** What a person wanted was not done; `code` says why, permanently. */
export class PersonRefused extends CommandFailed {
  constructor(
    readonly code: string,
    readonly words: string,
  ) {
    super(`${words} [${code}]`, exitCode.refused);
  }
}

/** What was made, and what an approval has come to, where the payload says so. */
export interface Done {
  readonly id: string | null;
  readonly state: string | null;
}

/** @throws PersonRefused with the words of whatever was not done */
export function done(data: Readonly<Record<string, unknown>>): Done {
  const { __typename, id, approval, code, message } = Payload.parse(data['payload']);
  if (message !== undefined) throw new PersonRefused(code ?? __typename, message);
  return { id: id ?? null, state: approval?.state ?? null };
}

/**
 * One GraphQL request, as a browser would send it.
 *
 * @throws CommandFailed when it was not answered, or not with data alone
 */
export async function graph(url: string, headers: object, query: string, variables: object) {
  const { status, text } = await send(`${url}/graphql`, headers, { query, variables });
  const { data, errors } = read(text);
  if (!data || errors) throw new CommandFailed(`${url}/graphql answered ${status}: ${text.slice(0, 500)}`);
  return data;
}

/** A proxy's page is no answer either. */
function read(text: string): z.infer<typeof Answer> {
  try {
    return Answer.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/** What a server said, whatever it was. */
export interface Said {
  readonly status: number;
  readonly text: string;
  readonly cookies: readonly string[];
}

const TIMEOUT_MILLISECONDS = 60_000;

/** @throws CommandFailed when nobody answers */
export async function send(address: string, headers: object, body: object): Promise<Said> {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    return { status: answer.status, text: await answer.text(), cookies: answer.headers.getSetCookie() };
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    throw new CommandFailed(`${address} does not answer (${cause?.code ?? message})`, exitCode.unreachable);
  }
}
