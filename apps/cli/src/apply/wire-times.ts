/** A profile as it travels: what the ledger keeps in milliseconds is RFC 3339 on the wire. */
export function wireTimes(profile: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const given = Object.entries(profile).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([key, value]) => [key, isTime(key, value) ? new Date(value).toISOString() : value]),
  );
}

const isTime = (key: string, value: unknown): value is number =>
  key.startsWith('inService') && typeof value === 'number';
