import type { CommandAnswer, PublicationForPeople, Waiting } from '@countersign/surface';
import type { Paint } from './paint.ts';
import { visible } from './table.ts';

export type PublicationAnswer = PublicationForPeople;

/** What a change of policies came to: in force, or waiting, and then for whom. */
export const changeWords = ({ waiting }: CommandAnswer, name: string, done: () => string): string =>
  waiting ? `${name} waits: ${waitingWords(waiting)}` : done();

export const waitingWords = ({ publicationId, confirmers }: Waiting): string =>
  `nothing is in force until a second person confirms ${publicationId} (${confirmersWords(confirmers)})`;

const confirmersWords = (confirmers: readonly string[]) =>
  confirmers.length === 0
    ? 'nobody else may publish it: give somebody the right first'
    : `one of: ${confirmers.map(visible).join(', ')}`;

/** Each with what whoever confirms it wants to know first. */
export const publicationsWords = (publications: readonly PublicationAnswer[], paint: Paint): string =>
  publications.length === 0
    ? 'nothing waits for a second person'
    : publications.map((publication) => publicationWords(publication, paint)).join('\n');

const publicationWords = (publication: PublicationAnswer, paint: Paint): string => {
  const { id, by, proposedAt, note, confirmers } = publication;
  return [
    `${paint('yellow', 'waits')} ${visible(whatWords(publication))} (${id})`,
    `  proposed ${proposedAt} by ${by.kind} ${visible(by.name)}`,
    ...(note ? [`  note: ${visible(note)}`] : []),
    `  to be confirmed by ${confirmersWords(confirmers)}`,
  ].join('\n');
};

function whatWords({ kind, policy, baseVersion, point }: PublicationAnswer): string {
  if (!point) return `publish ${policy} version ${baseVersion + 1}`;
  const place = point.layer === 'organization' ? 'the whole organization' : `${point.layer} ${point.name}`;
  return `${kind} ${policy} version ${baseVersion} ${kind === 'attach' ? 'to' : 'from'} ${place}`;
}
