import { fault, spend, type Meter } from './fault.ts';

/** Programs disagree about where the host ends in a URL with any of these, and an agent may use any program. */
const ambiguous = /[\\@\s\p{Cc}\p{Cf}]/u;

/**
 * The host of an absolute URL, in lower case and ASCII, without a final dot.
 *
 * @throws {ConditionFault} for a text without a host, and for URLs that are read in more than one way: a rule must
 * not judge another host than the one that will be called.
 */
export function hostOf(text: string, source: string, meter: Meter): string {
  spend(meter, text.length);
  if (ambiguous.test(text))
    throw fault(`\`${source}\` has a backslash, an @, or a hidden or blank character: its host is unclear`);
  const url = URL.canParse(text) && /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? new URL(text) : null;
  if (url === null || url.hostname === '')
    throw fault(`\`${source}\` is not a URL with a host, such as https://api.acme.com/v1`);
  return url.hostname.toLowerCase().replace(/\.$/, '');
}

const separators = /[\s,;<>()"']+/;
const address = /^[A-Za-z0-9.!#$%&*+/=^_{|}~-]+@[A-Za-z0-9.-]+$/;

/**
 * Every e-mail address in a recipient list, in lower case, those in display names included.
 *
 * @throws {ConditionFault} when there is none, or something with an @ is not plainly an address: `all` of nothing
 * would be true.
 */
export function emailsOf(text: string, source: string, meter: Meter): readonly string[] {
  spend(meter, text.length);
  const found = text.split(separators).filter((word) => word.includes('@'));
  if (found.length === 0) throw fault(`\`${source}\` names no e-mail address`);
  if (!found.every((word) => address.test(word)))
    throw fault(`\`${source}\` has an @ in what is not plainly an address`);
  return found.map((word) => word.toLowerCase());
}
