import type { Right, Target } from '@countersign/identity';
import type { GraphCall } from './people.fixture.ts';

/** Things of one team, and things that belong to no team, by what the walk calls them. */
export interface Place {
  readonly organizationId: string;
  readonly team: string;
  readonly teamId: string;
  readonly agent: string;
  readonly agentId: string;
  readonly retired: string;
  readonly revokedKeyId: string;
  readonly memberId: string;
  readonly policy: string;
  readonly document: string;
  readonly stopId: string;
  /** Of the agent, and lifted again: lifting it once more changes nothing. */
  readonly liftedStopId: string;
  readonly decisionId: string;
  /** Waits for the team. */
  readonly approvalId: string;
  readonly grantId: string;
  /** Follows a version that is no longer in force: whoever may confirm it is refused for that. */
  readonly publicationId: string;
  /** Of the agent. */
  readonly key: string;
}

export interface Step extends GraphCall {
  /** What it takes, said once more and by hand: a right on a kind of target; or that whoever belongs there may. */
  readonly asks: { readonly right: Right; readonly on: Target['kind'] }[] | 'membership' | 'nothing';
  /** Of a list or a nullable field: whether the answer shows what was asked about. A refusal is told by its code else. */
  readonly isShown?: (text: string) => boolean;
}

const command = (field: string, parameters: string, variables: object): GraphCall => ({
  query: `mutation ($o: ID!${parameters === '' ? '' : `, ${parameters}`}) { ${field.replace(/\((.*)\)$/, '(input: { $1 })')} {
    __typename ... on CommandDone { position } ... on Refusal { code message } } }`,
  variables,
});
const inOrganization = (
  field: string,
  { organizationId }: Place,
  parameters = '',
  variables: object = {},
): GraphCall => ({
  query: `query ($o: ID!${parameters === '' ? '' : `, ${parameters}`}) { organization(id: $o) { ${field} } }`,
  variables: { o: organizationId, ...variables },
});
/** Of an approval whose digest nobody can know: who may decide is told that it is another. */
const about = (field: string, { organizationId, approvalId }: Place, more = ''): GraphCall => ({
  query: `mutation ($o: ID!, $a: ID!) { ${field}(input: { organizationId: $o, approvalId: $a ${more} }) {
    __typename ... on ApprovalDone { position } ... on AlreadySettled { code } ... on Refusal { code message } } }`,
  variables: { o: organizationId, a: approvalId },
});
const shows = (what: string) => (text: string) => text.includes(what);

const onTeam = [{ right: 'teams:read', on: 'team' }] as const;
const onAgent = [{ right: 'teams:read', on: 'agent' }] as const;
const manage = [{ right: 'organization:manage', on: 'organization' }] as const;
const agents = [{ right: 'agents:manage', on: 'agent' }] as const;
const publishes = [{ right: 'policies:publish', on: 'agent' }] as const;
const decides = [{ right: 'approvals:decide', on: 'team' }] as const;
const takesPart = [...decides, ...manage] as const;
const drafts = [
  { right: 'policies:draft', on: 'organization' },
  { right: 'organization:read', on: 'organization' },
] as const;
const noEndpoint = `whk_${'0'.repeat(32)}`;
const nobody = `mem_${'0'.repeat(32)}`;

type Steps = Readonly<Record<string, (place: Place) => Step>>;

/**
 * One call of every operation, made so that whoever may is refused for another reason or changes nothing: the walk is
 * made by many people over one organization. An operation that is not here fails the walk.
 */
export const queries: Steps = {
  'Query.me': () => ({ asks: 'nothing', query: '{ me { method } }' }),
  'Query.organizations': () => ({ asks: 'nothing', query: '{ organizations { id } }' }),
  'Query.invitation': () => ({ asks: 'nothing', query: '{ invitation(token: "csi_none") { email } }' }),
  'Query.organization': (place) => ({ asks: 'membership', ...inOrganization('id name timeZone position', place) }),
  'Organization.settings': (place) => ({ asks: 'membership', ...inOrganization('settings { leadsPublish }', place) }),
  'Organization.viewer': (place) => ({ asks: 'membership', ...inOrganization('viewer { id email }', place) }),
  'Organization.teams': (place) => ({
    asks: [...onTeam],
    ...inOrganization('teams { edges { node { id name } } }', place),
    isShown: shows(place.teamId),
  }),
  'Organization.team': (place) => ({
    asks: [...onTeam],
    ...inOrganization('team(id: $t) { id }', place, '$t: ID!', { t: place.teamId }),
    isShown: shows(place.teamId),
  }),
  'Organization.members': (place) => ({
    asks: [...onTeam],
    ...inOrganization('members(first: 100) { edges { node { id } } }', place),
    isShown: shows(place.memberId),
  }),
  'Organization.member': (place) => ({
    asks: [...onTeam],
    ...inOrganization('member(id: $m) { id name }', place, '$m: ID!', { m: place.memberId }),
    isShown: shows(place.memberId),
  }),
  'Organization.invitations': (place) => ({
    asks: [...manage],
    ...inOrganization('invitations { edges { node { email } } }', place),
  }),
  'Organization.endpoints': (place) => ({
    asks: [...manage],
    ...inOrganization(
      'endpoints(first: 5) { edges { node { url deliveries(first: 5) { edges { node { id } } } } } }',
      place,
    ),
  }),
  'Organization.agents': (place) => ({
    asks: [...onAgent],
    ...inOrganization('agents { edges { node { id keys { id prefix } } } }', place),
    isShown: shows(place.agentId),
  }),
  'Organization.agent': (place) => ({
    asks: [...onAgent],
    ...inOrganization('agent(id: $a) { id }', place, '$a: ID!', { a: place.agentId }),
    isShown: shows(place.agentId),
  }),
  'Organization.policies': (place) => ({
    asks: [...onAgent, { right: 'policies:draft', on: 'organization' }],
    ...inOrganization('policies { edges { node { name document } } }', place),
    isShown: shows(`"${place.policy}"`),
  }),
  'Organization.policy': (place) => ({
    asks: [...onAgent, { right: 'policies:draft', on: 'organization' }],
    ...inOrganization('policy(name: $p) { name }', place, '$p: String!', { p: place.policy }),
    isShown: shows(`"${place.policy}"`),
  }),
  'Organization.publications': (place) => ({
    asks: [...drafts, ...publishes],
    ...inOrganization('publications(first: 100) { edges { node { id } } }', place),
    isShown: shows(place.publicationId),
  }),
  'Organization.publication': (place) => ({
    asks: [...drafts, ...publishes],
    ...inOrganization('publication(id: $p) { id }', place, '$p: ID!', { p: place.publicationId }),
    isShown: shows(`{"id":"${place.publicationId}"}`),
  }),
  'Organization.budgets': (place) => ({
    asks: [...onAgent],
    ...inOrganization('budgets(first: 100) { edges { node { policy instanceName } } }', place),
    isShown: shows(`"${place.agent}"`),
  }),
  'Organization.stops': (place) => ({
    asks: [...onTeam],
    ...inOrganization('stops { edges { node { id position lastAllowed { position } } } }', place),
    isShown: shows(place.stopId),
  }),
  'Organization.decision': (place) => ({
    asks: [...onAgent],
    ...inOrganization('decision(id: $d) { id }', place, '$d: ID!', { d: place.decisionId }),
    isShown: shows(place.decisionId),
  }),
  'Decision.args': (place) => ({
    asks: [{ right: 'args:read', on: 'agent' }],
    ...inOrganization('decision(id: $d) { args }', place, '$d: ID!', { d: place.decisionId }),
    isShown: shows('a blue mug'),
  }),
  'Organization.approvals': (place) => ({
    asks: [...onAgent],
    ...inOrganization('approvals { edges { node { id } } }', place),
    isShown: shows(place.approvalId),
  }),
  'Organization.approval': (place) => ({
    asks: [...onAgent],
    ...inOrganization(
      'approval(id: $a) { id state agent { id } requirements { mayStillDecide { id } } }',
      place,
      '$a: ID!',
      {
        a: place.approvalId,
      },
    ),
    isShown: shows(place.approvalId),
  }),
  'Approval.action': (place) => ({
    asks: [{ right: 'args:read', on: 'agent' }],
    ...inOrganization('approval(id: $a) { action { args } history { data } }', place, '$a: ID!', {
      a: place.approvalId,
    }),
    isShown: shows('a red mug'),
  }),
  'Approval.outlook': (place) => ({
    asks: [...decides],
    ...inOrganization('approval(id: $a) { outlook { onDeny } }', place, '$a: ID!', { a: place.approvalId }),
    isShown: shows('onDeny'),
  }),
  'Organization.grants': (place) => ({
    asks: [...onAgent],
    ...inOrganization('grants { edges { node { id } } }', place),
    isShown: shows(place.grantId),
  }),
  'Organization.grant': (place) => ({
    asks: [...onAgent],
    ...inOrganization('grant(id: $g) { id }', place, '$g: ID!', { g: place.grantId }),
    isShown: shows(place.grantId),
  }),
};

export const mutations: Steps = {
  'Mutation.acceptInvitation': () => ({
    asks: 'nothing',
    query: 'mutation { acceptInvitation(token: "csi_none") { __typename } }',
  }),
  'Mutation.addEndpoint': ({ organizationId: o }) => ({
    asks: [...manage],
    ...command('addEndpoint(organizationId: $o, url: "https://hooks.example/", kinds: ["stop.placed"])', '', { o }),
  }),
  'Mutation.changeEndpoint': ({ organizationId: o }) => ({
    asks: [...manage],
    ...command(`changeEndpoint(organizationId: $o, endpointId: "${noEndpoint}")`, '', { o }),
  }),
  'Mutation.rotateEndpointSecret': ({ organizationId: o }) => ({
    asks: [...manage],
    ...command(`rotateEndpointSecret(organizationId: $o, endpointId: "${noEndpoint}")`, '', { o }),
  }),
  'Mutation.enableEndpoint': ({ organizationId: o }) => ({
    asks: [...manage],
    ...command(`enableEndpoint(organizationId: $o, endpointId: "${noEndpoint}")`, '', { o }),
  }),
  'Mutation.disableEndpoint': ({ organizationId: o }) => ({
    asks: [...manage],
    ...command(`disableEndpoint(organizationId: $o, endpointId: "${noEndpoint}")`, '', { o }),
  }),
  'Mutation.removeEndpoint': ({ organizationId: o }) => ({
    asks: [...manage],
    ...command(`removeEndpoint(organizationId: $o, endpointId: "${noEndpoint}")`, '', { o }),
  }),
  'Mutation.chooseNotices': ({ organizationId: o }) => ({
    asks: 'membership',
    ...command('chooseNotices(organizationId: $o, on: [], off: [])', '', { o }),
  }),
  'Mutation.createTeam': ({ organizationId: o, team }) => ({
    asks: [...manage],
    ...command('createTeam(organizationId: $o, name: $n)', '$n: String!', { o, n: team }),
  }),
  'Mutation.changeTimeZone': ({ organizationId: o }) => ({
    asks: [...manage],
    ...command('changeTimeZone(organizationId: $o, timeZone: "UTC")', '', { o }),
  }),
  'Mutation.changeSettings': ({ organizationId: o }) => ({
    asks: [...manage],
    ...command('changeSettings(organizationId: $o, settings: {})', '', { o }),
  }),
  'Mutation.inviteMember': ({ organizationId: o }) => ({
    asks: [...manage],
    ...command('inviteMember(organizationId: $o, email: "waits@example.com", role: "viewer")', '', { o }),
  }),
  'Mutation.revokeInvitation': ({ organizationId: o }) => ({
    asks: [...manage],
    ...command(`revokeInvitation(organizationId: $o, invitationId: "inv_${'0'.repeat(32)}")`, '', { o }),
  }),
  'Mutation.changeRole': ({ organizationId: o }) => ({
    asks: [...manage],
    ...command(`changeRole(organizationId: $o, memberId: "${nobody}", role: "viewer")`, '', { o }),
  }),
  'Mutation.changeTeamRole': ({ organizationId: o, team }) => ({
    asks: [{ right: 'teams:manage', on: 'team' }],
    ...command(`changeTeamRole(organizationId: $o, memberId: "${nobody}", team: $t, role: "none")`, '$t: String!', {
      o,
      t: team,
    }),
  }),
  'Mutation.removeFromTeam': ({ organizationId: o, team }) => ({
    asks: [{ right: 'teams:manage', on: 'team' }],
    ...command(`removeFromTeam(organizationId: $o, memberId: "${nobody}", team: $t)`, '$t: String!', { o, t: team }),
  }),
  'Mutation.removeMember': ({ organizationId: o }) => ({
    asks: [...manage],
    ...command(`removeMember(organizationId: $o, memberId: "${nobody}")`, '', { o }),
  }),
  // By token nobody leaves, and is told so: that they got so far is what is asked here.
  'Mutation.leaveOrganization': ({ organizationId: o }) => ({
    asks: 'membership',
    ...command('leaveOrganization(organizationId: $o)', '', { o }),
  }),
  'Mutation.transferOwnership': ({ organizationId: o }) => ({
    asks: [{ right: 'organization:own', on: 'organization' }],
    ...command(`transferOwnership(organizationId: $o, to: "${nobody}")`, '', { o }),
  }),
  'Mutation.registerAgent': ({ organizationId: o, agent, team }) => ({
    asks: [...agents],
    ...command('registerAgent(organizationId: $o, name: $n, team: $t)', '$n: String!, $t: String!', {
      o,
      n: agent,
      t: team,
    }),
  }),
  'Mutation.changeAgent': ({ organizationId: o, agent }) => ({
    asks: [...agents],
    ...command('changeAgent(organizationId: $o, agent: $a, profile: {})', '$a: String!', { o, a: agent }),
  }),
  'Mutation.retireAgent': ({ organizationId: o, retired }) => ({
    asks: [...agents],
    ...command('retireAgent(organizationId: $o, agent: $a)', '$a: String!', { o, a: retired }),
  }),
  'Mutation.issueAgentKey': ({ organizationId: o, agent }) => ({
    asks: [...agents],
    ...command('issueAgentKey(organizationId: $o, agent: $a, expiresAt: "2020-01-01T00:00:00Z")', '$a: String!', {
      o,
      a: agent,
    }),
  }),
  'Mutation.revokeAgentKey': ({ organizationId: o, revokedKeyId }) => ({
    asks: [...agents],
    ...command('revokeAgentKey(organizationId: $o, keyId: $k)', '$k: ID!', { o, k: revokedKeyId }),
  }),
  'Mutation.publishPolicy': ({ organizationId: o, document }) => ({
    asks: [...publishes],
    ...command('publishPolicy(organizationId: $o, document: $d, expectedVersion: 99)', '$d: String!', {
      o,
      d: document,
    }),
  }),
  'Mutation.attachPolicy': ({ organizationId: o, policy, agent }) => ({
    asks: [...publishes],
    ...command('attachPolicy(organizationId: $o, name: $p, layer: "agent", point: $a)', '$p: String!, $a: String!', {
      o,
      p: policy,
      a: agent,
    }),
  }),
  'Mutation.detachPolicy': ({ organizationId: o, agent }) => ({
    asks: [...publishes],
    ...command('detachPolicy(organizationId: $o, name: "none", layer: "agent", point: $a)', '$a: String!', {
      o,
      a: agent,
    }),
  }),
  'Mutation.confirmPublication': ({ organizationId: o, publicationId }) => ({
    asks: [...publishes],
    ...command('confirmPublication(organizationId: $o, publicationId: $p)', '$p: ID!', { o, p: publicationId }),
  }),
  // Of nothing that waits: rejecting ends what does, and the next would find nothing.
  'Mutation.rejectPublication': ({ organizationId: o }) => ({
    asks: [{ right: 'policies:publish', on: 'organization' }],
    ...command(`rejectPublication(organizationId: $o, publicationId: "pub_${'0'.repeat(32)}")`, '', { o }),
  }),
  'Mutation.placeStop': ({ organizationId: o, retired }) => ({
    asks: [{ right: 'stops:place', on: 'agent' }],
    ...command('placeStop(organizationId: $o, scope: { kind: "agent", agent: $a })', '$a: String!', { o, a: retired }),
  }),
  'Mutation.liftStop': ({ organizationId: o, liftedStopId }) => ({
    asks: [{ right: 'stops:place', on: 'agent' }],
    ...command('liftStop(organizationId: $o, stopId: $s)', '$s: ID!', { o, s: liftedStopId }),
  }),
  'Mutation.decideApproval': (place) => ({
    asks: [...decides],
    ...about('decideApproval', place, 'verdict: "deny", digest: "x"'),
  }),
  'Mutation.decideApprovals': ({ organizationId: o, approvalId: a }) => ({
    asks: [...decides],
    query: `mutation ($o: ID!, $a: ID!) {
      decideApprovals(input: { organizationId: $o, approvals: [{ approvalId: $a, digest: "x" }], verdict: "deny" }) {
        ... on ApprovalsDecided { results { outcome { ... on Refusal { code } } } } ... on Refusal { code } } }`,
    variables: { o, a },
  }),
  'Mutation.retractVote': (place) => ({ asks: [...decides], ...about('retractVote', place) }),
  'Mutation.editApproval': (place) => ({
    asks: [...decides],
    ...about('editApproval', place, 'digest: "x", args: {}'),
  }),
  'Mutation.claimApproval': (place) => ({ asks: [...decides], ...about('claimApproval', place) }),
  'Mutation.unclaimApproval': (place) => ({ asks: [...decides], ...about('unclaimApproval', place) }),
  'Mutation.commentOnApproval': (place) => ({
    asks: [...takesPart],
    ...about('commentOnApproval', place, 'text: "I was here."'),
  }),
  'Mutation.askAgent': (place) => ({
    asks: [...decides],
    ...about('askAgent', place, `text: "Why?", questionId: "qst_${'0'.repeat(32)}"`),
  }),
  'Mutation.withdrawApproval': (place) => ({ asks: [...decides], ...about('withdrawApproval', place) }),
  'Mutation.revokeGrant': ({ organizationId: o, grantId }) => ({
    asks: [...takesPart],
    ...command('revokeGrant(organizationId: $o, grantId: $g)', '$g: ID!', { o, g: grantId }),
  }),
};
