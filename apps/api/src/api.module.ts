import { AgentAttempts } from '@countersign/agents';
import { DeliveryLog, EndpointSecrets } from '@countersign/channels';
import { Configurations } from '@countersign/decisions';
import { DecisionsModule } from '@countersign/decisions-server';
import { Callers, ConfiguredStandings, GraphModule, Standings } from '@countersign/graphql-server';
import { RefusedAgentKeys } from '@countersign/identity/people';
import { RequestPerson, type IdentityParts } from '@countersign/identity-server';
import type { KeptSecrets } from '@countersign/kept-secrets';
import { DeliveryRows, PostgresEndpointSecrets } from '@countersign/notices-server';
import { OperatorModule, PrismaOperatorTokens } from '@countersign/operator-server';
import type { Pools, Sql } from '@countersign/postgres';
import type { IdentityDatabase } from '@countersign/prisma';
import { SurfaceModule } from '@countersign/surface';
import type { DynamicModule } from '@nestjs/common';
import { HealthController } from './health.controller.ts';
import type { LedgerParts } from './ledger.parts.ts';

/** What the composition root opened, and closes again. */
export interface Foundations {
  readonly pools: Pools;
  readonly ledger: LedgerParts;
  readonly identity: IdentityDatabase;
  readonly people: IdentityParts;
  readonly kept: KeptSecrets;
}

/** Everything the api serves, put together. */
export class ApiModule {
  static with({ pools, ledger, identity, people, kept }: Foundations): DynamicModule {
    const ledgerModule = { module: LedgerModule, global: true, providers: ledger.providers, exports: ledger.providers };
    const decisions = DecisionsModule.with({
      pools,
      transactions: ledger.transactions,
      openingEvent: (organizationId) => ledger.opening.firstEvent(organizationId),
    });
    const tokens = new PrismaOperatorTokens(identity);
    return {
      module: ApiModule,
      imports: [
        ledgerModule,
        decisions,
        agentKeysModule,
        people.module,
        channelsOver(pools, kept),
        SurfaceModule.over({ reads: pools.reads, imports: [people.module] }),
        GraphModule.over({ imports: [graphPortsOver(people.module, pools.reads)] }),
        OperatorModule.over({ tokens, imports: [] }),
      ],
      controllers: [HealthController],
    };
  }
}

/** Gives the ledger's parts to every module. */
class LedgerModule {}

/** Agents that try to act as people are recorded by whoever knows agents. */
class AgentKeysModule {}
const refusedAgentKeys = { provide: RefusedAgentKeys, useExisting: AgentAttempts };
const agentKeysModule = {
  module: AgentKeysModule,
  global: true,
  providers: [refusedAgentKeys],
  exports: [refusedAgentKeys],
};

/** Where notices go: what signs them, and what became of them. The worker sends them. */
class ChannelsModule {}
const channelsOver = ({ commands, reads }: Pools, kept: KeptSecrets): DynamicModule => ({
  module: ChannelsModule,
  global: true,
  providers: [
    { provide: EndpointSecrets, useValue: new PostgresEndpointSecrets(commands, kept) },
    { provide: DeliveryLog, useValue: new DeliveryRows(reads) },
  ],
  exports: [EndpointSecrets, DeliveryLog],
});

/** Who somebody is, and what they are in an organization, for GraphQL. */
class GraphPortsModule {}
const graphPorts = (reads: Sql) => [
  { provide: Callers, useExisting: RequestPerson },
  {
    provide: Standings,
    inject: [Configurations],
    useFactory: (configurations: Configurations) => new ConfiguredStandings(reads, configurations),
  },
];
const graphPortsOver = (people: DynamicModule, reads: Sql): DynamicModule => ({
  module: GraphPortsModule,
  imports: [people],
  providers: graphPorts(reads),
  exports: [Callers, Standings, people],
});
