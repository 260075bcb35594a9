import { findTeam, type IdentityState } from '@countersign/identity';
import { compilePolicy, parsePolicy } from '@countersign/policy';
import type { Warning } from './command-answer.ts';

/** What is doubtful about a policy that was published: what its text says, and teams that do not exist (yet). */
export function publishWarnings(document: string, state: IdentityState): readonly Warning[] {
  const { document: parsed, problems } = parsePolicy(document);
  const doubts = problems
    .filter(({ severity }) => severity === 'warning')
    .map(({ code, message, line, column, path }) => ({ code, message, line, column, path }));
  if (!parsed) return doubts;

  const unknown = compilePolicy(parsed).referencedTeams.filter((team) => !findTeam(state, team));
  return [...doubts, ...unknown.map((team) => unknownTeam(team, document))];
}

function unknownTeam(team: string, document: string): Warning {
  const index = document.split('\n').findIndex((line) => line.includes('team') && line.includes(team));
  const message = `team \`${team}\` does not exist: nobody could answer what this asks. Make it with \`countersign team add ${team}\``;
  return { code: 'policy.unknown_team', message, line: index < 0 ? null : index + 1, column: null, path: null };
}
