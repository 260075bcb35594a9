import { unreachable } from '@countersign/kernel';
import type { PolicyChangeCommand } from './policy.commands.ts';
import type { PolicyChange, PolicyChangeEvent } from './policy.events.ts';
import type { PoliciesState, Publication } from './policy.state.ts';

/** What may wait at once. Each may carry a long text, and all are read with the configuration. */
export const PUBLICATIONS_MAX = 20;

/** What somebody wanted, as the command they gave. */
export function commandOf({ name, baseVersion, change }: Publication): PolicyChangeCommand {
  switch (change.kind) {
    case 'publish': {
      const { document, note } = change;
      return { type: 'PublishPolicy', document, note, expectedVersion: baseVersion };
    }
    case 'attach':
      return { type: 'AttachPolicy', name, layer: change.layer, point: change.point };
    case 'detach':
      return { type: 'DetachPolicy', name, layer: change.layer, point: change.point };
    default:
      return unreachable(change);
  }
}

/** What would take effect, as what is wanted: points are ids by now. */
export function changeIn(event: PolicyChangeEvent): PolicyChange {
  switch (event.type) {
    case 'PolicyPublished':
      return { kind: 'publish', document: event.data.document, note: event.data.note };
    case 'PolicyAttached':
      return { kind: 'attach', layer: event.data.layer, point: event.data.point };
    case 'PolicyDetached':
      return { kind: 'detach', layer: event.data.layer, point: event.data.point };
    default:
      return unreachable(event);
  }
}

/** What waits already and would do the same on top of the same version, whatever its note says. */
export const publicationLike = (
  event: PolicyChangeEvent,
  { policies, publications }: PoliciesState,
): Publication | undefined => {
  const version = policies.get(event.data.name)?.version ?? 0;
  const wanted = effectOf(changeIn(event));
  return [...publications.values()].find(
    ({ name, baseVersion, change }) =>
      name === event.data.name && baseVersion === version && effectOf(change) === wanted,
  );
};

const effectOf = (change: PolicyChange): string =>
  change.kind === 'publish' ? `publish ${change.document}` : `${change.kind} ${change.layer} ${change.point}`;
