import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import type { OperatorClient } from '../operator/operator-client.ts';
import { dismiss, join, newCredential } from '../people/membership.ts';
import { signIn, type Credential, type SignedIn } from '../people/signed-in.ts';
import { listenForStop } from '../start/stop-signal.ts';
import type { WantedPeople } from './wanted-people.ts';

/** Where they answer. Their teams exist. */
export interface Place {
  readonly operator: OperatorClient;
  readonly organization: string;
  readonly organizationId: string;
}

/** What was done with people at hand, and the position of the last that their leaving recorded. */
interface Answered<Result> {
  readonly result: Result;
  readonly leftAt: number;
}

type Use<Result> = (people: readonly SignedIn[], stop: AbortSignal) => Promise<Result>;

/**
 * Gathers people who answer what a policy asks, and takes them out again however it ends, also when somebody asks to
 * stop: nobody keeps their passwords, and a member whom nobody is should not stay.
 *
 * @throws {CommandFailed} also when one of them could not be taken out, naming them
 */
export async function withAnswerers<Result>(
  place: Place,
  wanted: WantedPeople,
  use: Use<Result>,
): Promise<Answered<Result>> {
  const stop = listenForStop();
  const credentials: Credential[] = [];
  stop.insisted.addEventListener('abort', () => abandon(credentials));
  try {
    const used = await attempt(async () => use(await gather(place, wanted, credentials), stop.asked));
    return await leave(place, credentials, used);
  } finally {
    stop.release();
  }
}

/** Somebody cannot wait: they are told who stays. */
function abandon(credentials: readonly Credential[]): never {
  console.error(`error: stopped at once; still members: ${credentials.map(({ email }) => email).join(', ')}`);
  process.exit(exitCode.no);
}

/** Whoever was begun with stands in `credentials`, so that nobody is forgotten who got halfway. */
async function gather(place: Place, wanted: WantedPeople, credentials: Credential[]): Promise<readonly SignedIn[]> {
  const { operator, organization, organizationId } = place;
  const teams = wanted.teams.map((team) => ({ team, role: 'approver' }));
  const people: SignedIn[] = [];
  while (people.length < wanted.count) {
    const credential = newCredential('replay-approver');
    credentials.push(credential);
    const role = people.length === 0 && wanted.isAdminNeeded ? 'admin' : 'member';
    await join(operator, organization, credential, { role, teams });
    const person = await signIn(operator.url, credential, organizationId);
    // A mail for each ask would go to an address that is nobody's.
    await person.muteNotices();
    people.push(person);
  }
  return people;
}

type Attempt<Result> = { readonly result: Result } | { readonly error: unknown };

const attempt = <Result>(work: () => Promise<Result>): Promise<Attempt<Result>> =>
  work().then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );

/** Gives what the attempt gave, and throws what it threw, once everybody is out. */
async function leave<Result>(
  { operator, organization }: Place,
  credentials: readonly Credential[],
  used: Attempt<Result>,
): Promise<Answered<Result>> {
  let leftAt = -1;
  const problems: string[] = 'error' in used ? [wordsOf(used.error)] : [];
  const before = problems.length;
  for (const credential of credentials) {
    const left = await attempt(() => dismiss(operator, organization, credential, 'the replay ended'));
    if ('error' in left) problems.push(stillThere(credential, organization, left.error));
    else leftAt = Math.max(leftAt, left.result ?? -1);
  }
  if (problems.length > before) throw new CommandFailed(problems.join('\n'));
  if ('error' in used) throw used.error;
  return { result: used.result, leftAt };
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const stillThere = ({ email }: Credential, organization: string, error: unknown) =>
  `${email} could not be removed (${wordsOf(error)}): countersign member remove ${email} --organization ${organization}`;
