import { accepted, rejected, unreachable, type Decided, type Instant } from '@countersign/kernel';
import type { OrganizationCommand } from './organization.commands.ts';
import type { OrganizationEvent } from './organization.events.ts';
import type { OrganizationRejection } from './organization.rejections.ts';
import type { OrganizationSettings } from './organization.settings.ts';
import { findTeam, settingsOf, type IdentityState } from './organization.state.ts';

type OrganizationDecision = Decided<OrganizationEvent, OrganizationRejection>;
type SettingsChanges = Extract<OrganizationCommand, { type: 'ChangeSettings' }>['settings'];

/** What may happen to an organization and its teams, judged under its head lock. */
export function decideOrganization(
  command: OrganizationCommand,
  state: IdentityState,
  at: Instant,
): OrganizationDecision {
  const self = state.organization.get('self');
  if (command.type === 'CreateOrganization') {
    if (self) return rejected({ code: 'identity.organization_exists' });
    const { type: _, ...facts } = command;
    return accepted({ type: 'OrganizationCreated', data: facts });
  }
  if (!self) return rejected({ code: 'identity.organization_not_found' });

  switch (command.type) {
    case 'ChangeTimeZone':
      if (self.zones.at(-1)?.zone === command.timeZone) return accepted();
      return accepted({ type: 'TimeZoneChanged', data: { timeZone: command.timeZone, at } });
    case 'ChangeSettings':
      return changeSettings(command.settings, settingsOf(state));
    case 'CreateTeam':
      if (findTeam(state, command.name)) return rejected({ code: 'identity.team_exists', name: command.name });
      return accepted({ type: 'TeamCreated', data: { teamId: command.teamId, name: command.name } });
    default:
      return unreachable(command);
  }
}

function changeSettings(changes: SettingsChanges, current: OrganizationSettings): OrganizationDecision {
  const settings: OrganizationSettings = {
    policyFourEyes: changes.policyFourEyes ?? current.policyFourEyes,
    ownAgentApproval: changes.ownAgentApproval ?? current.ownAgentApproval,
    leadsPublish: changes.leadsPublish ?? current.leadsPublish,
  };
  const names = Object.keys(settings) as (keyof OrganizationSettings)[];
  return names.every((name) => settings[name] === current[name])
    ? accepted()
    : accepted({ type: 'SettingsChanged', data: { settings } });
}
