import { specFor } from '@countersign/testing/decider';
import { describe, expect, it } from 'vitest';
import { OrganizationCommand } from './organization.commands.ts';
import { decideOrganization } from './organization.decider.ts';
import type { OrganizationEvent } from './organization.events.ts';
import { at, founded, legal, lovelace, movedToTokyo, named, treasury, treasuryCreated } from './organization.mother.ts';
import { emptyIdentity, evolveIdentity, findTeam, settingsOf } from './organization.state.ts';

const { given } = specFor({
  initialState: emptyIdentity,
  evolve: evolveIdentity,
  decide: decideOrganization,
  at: at('10:00'),
});

const found = {
  type: 'CreateOrganization',
  organizationId: lovelace,
  name: named('lovelace'),
  timeZone: 'Europe/Zurich',
};
const createTreasury = { type: 'CreateTeam', teamId: treasury, name: named('treasury') };

const command = (wish: object) => OrganizationCommand.parse(wish);
const moveTo = (timeZone: string) => command({ type: 'ChangeTimeZone', timeZone });

describe('founding an organization', () => {
  it('records its name and its zone', () => {
    given().when(command(found)).then(founded);
  });

  it('refuses to found it twice, even under another name', () => {
    given(founded)
      .when(command({ ...found, name: 'babbage' }))
      .thenRejected({ code: 'identity.organization_exists' });
  });

  it('counts days in UTC unless told otherwise', () => {
    const { timeZone: _, ...withoutZone } = found;
    expect(command(withoutZone)).toMatchObject({ timeZone: 'UTC' });
  });
});

describe('changing the time zone', () => {
  it('records when, because the window that is running still ends by the old zone', () => {
    given(founded).when(moveTo('Asia/Tokyo'), at('09:00')).then(movedToTokyo);
  });

  it('does nothing when the zone is the present one', () => {
    given(founded, movedToTokyo).when(moveTo('Asia/Tokyo')).thenNothing();
  });

  it('may go back to a zone it had before', () => {
    given(founded, movedToTokyo)
      .when(moveTo('Europe/Zurich'))
      .then({ type: 'TimeZoneChanged', data: { timeZone: 'Europe/Zurich', at: at('10:00') } });
  });

  it('needs an organization', () => {
    given().when(moveTo('Asia/Tokyo')).thenRejected({ code: 'identity.organization_not_found' });
  });

  const isZone = (timeZone: string) => OrganizationCommand.safeParse({ type: 'ChangeTimeZone', timeZone }).success;

  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'EST5EDT'])('knows `%s`', (name) =>
    expect(isZone(name)).toBe(true),
  );

  it.each(['', '+02:00', 'Mars', 'Europe/Atlantis', 'Europe/Berlin[u-ca=hebrew]', '../etc/passwd'])(
    'knows no zone called `%s`',
    (name) => expect(isZone(name)).toBe(false),
  );

  // `Intl` takes these, and for zones that few would think of; no window of a budget can be cut with them.
  it.each(['PST', 'BST', 'IST', 'ACT'])('refuses `%s`, which only the engine knows', (name) =>
    expect(isZone(name)).toBe(false),
  );
});

describe('changing settings', () => {
  const change = (settings: object) => command({ type: 'ChangeSettings', settings });
  const fourEyes: OrganizationEvent = {
    type: 'SettingsChanged',
    data: { settings: { policyFourEyes: true, ownAgentApproval: false, leadsPublish: false } },
  };

  it('records all of them as they are then, and leaves alone what is not named', () => {
    given(founded)
      .when(change({ policyFourEyes: true }))
      .then(fourEyes);
    given(founded, fourEyes)
      .when(change({ leadsPublish: true, ownAgentApproval: true }))
      .then({
        type: 'SettingsChanged',
        data: { settings: { policyFourEyes: true, ownAgentApproval: true, leadsPublish: true } },
      });
  });

  it('does nothing when they are so', () => {
    given(founded)
      .when(change({ policyFourEyes: false, leadsPublish: false }))
      .thenNothing();
    given(founded, fourEyes)
      .when(change({ policyFourEyes: true }))
      .thenNothing();
  });

  it('knows no other setting, and needs an organization', () => {
    expect(OrganizationCommand.safeParse({ type: 'ChangeSettings', settings: { fourEyes: true } }).success).toBe(false);
    given()
      .when(change({ policyFourEyes: true }))
      .thenRejected({ code: 'identity.organization_not_found' });
  });

  it('all are off until somebody turns them on', () => {
    const state = emptyIdentity();
    evolveIdentity(state, founded);
    expect(settingsOf(state)).toEqual({ policyFourEyes: false, ownAgentApproval: false, leadsPublish: false });
    evolveIdentity(state, fourEyes);
    expect(settingsOf(state).policyFourEyes).toBe(true);
  });
});

describe('creating a team', () => {
  it('records its id and its name', () => {
    given(founded).when(command(createTreasury)).then(treasuryCreated);
  });

  it('needs an organization', () => {
    given().when(command(createTreasury)).thenRejected({ code: 'identity.organization_not_found' });
  });

  // People name teams in policies and in commands: a name must mean one team.
  it('refuses a name that another team has', () => {
    given(founded, treasuryCreated)
      .when(command({ ...createTreasury, teamId: legal }))
      .thenRejected({ code: 'identity.team_exists', name: 'treasury' });
  });
});

describe('what is known of an organization', () => {
  const state = emptyIdentity();
  for (const event of [founded, movedToTokyo, treasuryCreated]) evolveIdentity(state, event);

  it('keeps every zone it had and since when', () => {
    expect(state.organization.get('self')?.zones).toEqual([
      { zone: 'Europe/Zurich', from: 0 },
      { zone: 'Asia/Tokyo', from: at('09:00') },
    ]);
  });

  it('finds a team by its id and by its name, and no other', () => {
    expect(findTeam(state, treasury)?.name).toBe('treasury');
    expect(findTeam(state, 'treasury')?.teamId).toBe(treasury);
    expect(findTeam(state, 'legal')).toBeUndefined();
  });
});
