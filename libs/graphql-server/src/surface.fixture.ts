import { DeliveryLog } from '@countersign/channels';
import { Configurations } from '@countersign/decisions';
import { ProblemFilter, refuse } from '@countersign/http';
import { OrganizationRole, type Standing } from '@countersign/identity';
import { People, type Person, type Registration, type SignedIn } from '@countersign/identity/people';
import { instant, MemberId, OrganizationId } from '@countersign/kernel';
import {
  ApprovalCommands,
  ApprovalElectorates,
  ApprovalHistories,
  ApprovalList,
  BudgetList,
  BudgetOutlook,
  Configurator,
  DecisionRecords,
  GrantRows,
  Invitations,
  LikeApprovals,
  MembershipRows,
  MoneyRows,
  StopList,
  StreamRows,
} from '@countersign/surface';
import type { Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { GraphModule } from './graphql.module.ts';
import { Callers, Standings } from './request/caller.ts';

export const ADA = '0198c5a0-0000-7000-8000-00000000000a';
export const ours = OrganizationId.parse('00000000-0000-4000-8000-000000000001');
export const theirs = OrganizationId.parse('00000000-0000-4000-8000-000000000002');

/** Says who it is in its header, and what in an organization by its role there. */
class NamedCallers extends Callers {
  async of({ headers }: FastifyRequest): Promise<SignedIn | null> {
    const userId = headers['x-user'];
    if (typeof userId !== 'string') return null;
    if (userId === 'refused') throw refuse(403, 'test.refused', 'Refused', 'not you');
    const organizationId = typeof headers['x-bound-to'] === 'string' ? headers['x-bound-to'] : null;
    const issuedAt = instant(0);
    return { userId, by: 'session', method: 'password', credential: 's-1', issuedAt, rights: null, organizationId };
  }
}

class GivenStandings extends Standings {
  async of({ userId }: SignedIn, organizationId: OrganizationId): Promise<Standing> {
    const role = OrganizationRole.safeParse(userId);
    if (!role.success || organizationId !== ours) return { kind: 'stranger' };
    return {
      kind: 'member',
      organizationId,
      memberId: MemberId.parse(`mem_${'1'.padStart(32, '0')}`),
      role: role.data,
      teams: {},
      tokenRights: null,
      leadsPublish: false,
    };
  }
}

/** Knows Ada, and counts how often it is asked. */
export class CountedPeople extends People {
  readonly asked: (readonly string[])[] = [];

  async find(ids: readonly string[]): Promise<ReadonlyMap<string, Person>> {
    this.asked.push(ids);
    const ada = { name: 'Ada', email: 'ada@example.com', isEmailVerified: true, hasSecondFactor: false };
    return new Map(ids.filter((id) => id !== 'nobody').map((id) => [id, { id, ...ada }]));
  }

  async findByEmail(): Promise<Person | null> {
    return null;
  }

  async register(): Promise<Registration> {
    return { ok: false, code: 'people.email_taken' };
  }
}

/** The surface as the api serves it, with bodies that arrive as text. */
export async function openSurface(resolvers: Provider[] = []) {
  const people = new CountedPeople();
  const providers = [
    { provide: Callers, useClass: NamedCallers },
    { provide: Standings, useClass: GivenStandings },
    { provide: People, useValue: people },
    // What these answer is shown over a database, by the api's own tests.
    ...[
      ApprovalCommands,
      ApprovalElectorates,
      ApprovalHistories,
      ApprovalList,
      BudgetList,
      BudgetOutlook,
      Configurations,
      DeliveryLog,
      Configurator,
      DecisionRecords,
      GrantRows,
      Invitations,
      LikeApprovals,
      MembershipRows,
      MoneyRows,
      StopList,
      StreamRows,
    ].map((port) => ({ provide: port, useValue: {} })),
  ];
  const ports = { module: class Ports {}, providers, exports: providers };
  const adapter = new FastifyAdapter();
  const fastify = adapter.getInstance();
  fastify.removeContentTypeParser('text/plain');
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  const app = await NestFactory.create<NestFastifyApplication>(
    GraphModule.over({ imports: [ports], resolvers }),
    adapter,
    { bodyParser: false, logger: false },
  );
  app.useGlobalFilters(new ProblemFilter());
  await app.init();
  await fastify.ready();

  const send = async (payload: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json', ...headers },
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });
    return { status: answer.statusCode, body: answer.json<GraphAnswer>(), text: answer.body };
  };
  const ask = (query: string, userId?: string, variables?: object) =>
    send({ query, ...(variables && { variables }) }, userId === undefined ? {} : { 'x-user': userId });
  return { app, people, send, ask, schema: app.get(GraphQLSchemaHost).schema, close: () => app.close() };
}

export interface GraphAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}
