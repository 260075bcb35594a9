import type { Problem } from '@countersign/http';
import { unreachable } from '@countersign/kernel';
import type { StopRejection } from '@countersign/stops';

/** A right that is lacking is identity's to word, whatever it was for. */
export type OwnStopRejection = Exclude<StopRejection, { code: 'identity.forbidden' }>;

/** The one place where a stop that is not placed or not lifted becomes words a person reads. */
export function problemOfStopRejection(rejection: OwnStopRejection): Problem {
  const { code } = rejection;
  switch (rejection.code) {
    case 'stops.not_found':
      return absent(code, `There is no stop \`${rejection.stopId}\`.`);
    case 'stops.team_not_found':
      return absent(code, `There is no team \`${rejection.team}\`.`);
    case 'stops.agent_not_found':
      return absent(code, `There is no agent \`${rejection.agent}\`.`);
    case 'stops.too_many_patterns':
      return refused(
        409,
        code,
        `There are ${rejection.most} patterns stopped there already: lift one, or stop the team.`,
      );
    case 'stops.placed_by_higher':
      return refused(403, code, `Only who placed it, or somebody who is at least \`${rejection.rank}\`, lifts it.`);
    default:
      return unreachable(rejection);
  }
}

const absent = (code: string, detail: string): Problem => ({ status: 404, code, title: 'Not found', detail });
const refused = (status: 403 | 409, code: string, detail: string): Problem => ({
  status,
  code,
  title: status === 403 ? 'Forbidden' : 'Conflict',
  detail,
});
