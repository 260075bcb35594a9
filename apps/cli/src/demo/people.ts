import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readPrivate, writePrivate } from '../credentials.ts';
import type { OperatorClient } from '../operator/operator-client.ts';
import { join, newCredential } from '../people/membership.ts';
import { signIn, type Credential, type SignedIn } from '../people/signed-in.ts';

/** Somebody of the story, and what they may do. */
interface DemoPerson {
  readonly name: string;
  readonly role: string;
  readonly teams: readonly { readonly team: string; readonly role: string }[];
}

const people: readonly DemoPerson[] = [
  { name: 'ada', role: 'owner', teams: [] },
  { name: 'barbara', role: 'member', teams: [{ team: 'support', role: 'approver' }] },
  { name: 'grace', role: 'member', teams: [{ team: 'treasury', role: 'lead' }] },
  { name: 'edsger', role: 'member', teams: [{ team: 'treasury', role: 'approver' }] },
  { name: 'mary', role: 'developer', teams: [{ team: 'research', role: 'approver' }] },
];

const Kept = z.object({
  apiUrl: z.string(),
  organization: z.string(),
  people: z.array(z.object({ name: z.string(), email: z.string(), password: z.string() })),
});

/** Where the demo's people live, and the file that keeps their passwords (mode 600). */
export interface Home {
  readonly organization: string;
  readonly organizationId: string;
  readonly file: string;
}

/**
 * Signs everybody in, and first invites whoever is missing: over the surfaces that people use. Their teams exist.
 *
 * @throws CommandFailed with what the api answered
 */
export async function gatherPeople(operator: OperatorClient, home: Home): Promise<ReadonlyMap<string, SignedIn>> {
  const kept = await readPrivate(home.file, Kept);
  const isOfHere = kept?.apiUrl === operator.url && kept.organization === home.organization;
  const known = new Map((isOfHere ? kept.people : []).map((person) => [person.name, person]));
  const present = new Map<string, SignedIn>();
  for (const person of people) {
    const signedIn = await signInIfKnown(operator.url, known.get(person.name), home);
    if (signedIn) {
      present.set(person.name, signedIn);
      continue;
    }
    const credential = newCredential(person.name);
    await join(operator, home.organization, credential, person);
    known.set(person.name, credential);
    present.set(person.name, await signIn(operator.url, credential, home.organizationId));
    await mkdir(path.dirname(home.file), { recursive: true, mode: 0o700 });
    await writePrivate(home.file, {
      apiUrl: operator.url,
      organization: home.organization,
      people: [...known.values()],
    });
  }
  return present;
}

/** A database that was made anew does not know them any more. */
async function signInIfKnown(
  url: string,
  known: Credential | undefined,
  { organizationId }: Home,
): Promise<SignedIn | null> {
  if (!known) return null;
  const signedIn = await signIn(url, known, organizationId).catch(() => null);
  return signedIn && (await signedIn.isMember()) ? signedIn : null;
}
