import { ProblemFilter } from '@countersign/http';
import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { FastifyRequest } from 'fastify';
import { queryLimitsRule } from './limits/query-limits.ts';
import { assertNoRepetition } from './limits/repetition.ts';
import { StrangerLimit } from './limits/stranger-limit.ts';
import { ApprovalLoaders } from './request/approval-loaders.ts';
import { Callers, Standings } from './request/caller.ts';
import { errorsFormatter } from './request/format-errors.ts';
import { contextOf } from './request/graph-context.ts';
import { GraphApprovals } from './request/graph-approvals.ts';
import { GraphCommands } from './request/graph-commands.ts';
import { KnownCallers } from './request/known-callers.ts';
import { readGraphRequest } from './request/read-request.ts';
import { Views } from './request/views.ts';
import { AgentCommandsResolver } from './resolvers/agent-commands.resolver.ts';
import { ApprovalActionResolver } from './resolvers/approval-action.resolver.ts';
import { ApprovalCommandsResolver } from './resolvers/approval-commands.resolver.ts';
import { ApprovalPeopleResolver } from './resolvers/approval-people.resolver.ts';
import { ChannelCommandsResolver } from './resolvers/channel-commands.resolver.ts';
import { ChannelResolver } from './resolvers/channel.resolver.ts';
import { EndpointResolver } from './resolvers/endpoint.resolver.ts';
import { DecisionResolver } from './resolvers/decision.resolver.ts';
import { InvitationResolver } from './resolvers/invitation.resolver.ts';
import { MeResolver } from './resolvers/me.resolver.ts';
import { MemberCommandsResolver } from './resolvers/member-commands.resolver.ts';
import { MemberResolver } from './resolvers/member.resolver.ts';
import { OrganizationApprovalsResolver } from './resolvers/organization-approvals.resolver.ts';
import { OrganizationCommandsResolver } from './resolvers/organization-commands.resolver.ts';
import { OrganizationResolver } from './resolvers/organization.resolver.ts';
import { PolicyCommandsResolver } from './resolvers/policy-commands.resolver.ts';
import { StopCommandsResolver } from './resolvers/stop-commands.resolver.ts';
import { StopResolver } from './resolvers/stop.resolver.ts';
import { demandRights } from './rights/demand-rights.ts';

/** Words of a query. Reading and validating one of this many takes some milliseconds; see ADR 11. */
const TOKENS_MAX = 1_500;

/** Queries kept parsed and validated; hostile ones are all different, and must not fill the memory. */
const QUERIES_KEPT = 256;

const ownResolvers: Provider[] = [
  ...[Views, GraphCommands, MeResolver, OrganizationResolver, MemberResolver, StopResolver, DecisionResolver],
  ...[OrganizationCommandsResolver, MemberCommandsResolver, AgentCommandsResolver, PolicyCommandsResolver],
  ...[StopCommandsResolver, InvitationResolver, ChannelResolver, EndpointResolver, ChannelCommandsResolver],
  ...[ApprovalLoaders, GraphApprovals, OrganizationApprovalsResolver],
  ...[ApprovalActionResolver, ApprovalPeopleResolver, ApprovalCommandsResolver],
];

/** What an app hands to the surface for people. */
export interface GraphSurface {
  /** Modules that export `Callers`, `Standings`, and the ports that resolvers act through (`People`). */
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  /** Resolvers beside those of this library, such as a test's. */
  readonly resolvers?: Provider[];
}

/** GraphQL for people, `/graphql`: code first, every field by its right, within limits. */
@Module({})
export class GraphModule {
  static over({ imports, resolvers = [] }: GraphSurface): DynamicModule {
    return {
      module: GraphModule,
      imports: [
        ...imports,
        GraphQLModule.forRootAsync<MercuriusDriverConfig>({
          driver: MercuriusDriver,
          imports,
          inject: [Callers, Standings],
          useFactory: (callers: Callers, standings: Standings) => optionsOf(new KnownCallers(callers), standings),
        }),
      ],
      providers: [...ownResolvers, ...resolvers],
    };
  }
}

const optionsOf = (
  callers: KnownCallers,
  standings: Standings,
  strangers = new StrangerLimit(() => performance.now()),
): MercuriusDriverConfig => ({
  autoSchemaFile: true,
  sortSchema: true,
  buildSchemaOptions: { numberScalarMode: 'integer' },
  transformSchema: demandRights,
  context: async (request: FastifyRequest) => contextOf(await callers.of(request), standings),
  errorFormatter: errorsFormatter(new ProblemFilter()) as NonNullable<MercuriusDriverConfig['errorFormatter']>,
  hooks: { preValidation: async (_schema, document) => assertNoRepetition(document) },
  validationRules: [queryLimitsRule()],
  graphql: { parseOptions: { maxTokens: TOKENS_MAX } },
  cache: QUERIES_KEPT,
  graphiql: false,
  additionalRouteOptions: {
    preValidation: async (request) => {
      if (!(await callers.admit(request))) strangers.admit(request.ip);
      await readGraphRequest(request);
    },
  },
});
