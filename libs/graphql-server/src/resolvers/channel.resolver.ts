import { NOTICE_KINDS, noticeKinds, secretsInForce, wantsByMail, type Endpoint } from '@countersign/channels';
import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { View } from '../request/views.ts';
import { Asks, type FieldCall } from '../rights/asks.ts';
import { pageOf, PageArgs } from '../schema/connection.ts';
import { EndpointConnection, NoticeChoice, type EndpointType } from './channel.types.ts';
import { OrganizationType } from './organization.types.ts';

/** Where an organization's notices go. */
@Resolver(() => OrganizationType)
export class ChannelResolver {
  @ResolveField(() => EndpointConnection)
  @Asks({
    right: 'organization:manage',
    on: ({ parent }: FieldCall<OrganizationType>) => ({
      kind: 'organization',
      organizationId: parent.view.organizationId,
    }),
  })
  endpoints(@Parent() { view }: OrganizationType, @Args() page: PageArgs) {
    return pageOf(view.state.endpoints.values(), page, {
      key: ({ endpointId }) => endpointId,
      node: (endpoint) => endpointNode(view, endpoint),
    });
  }

  @ResolveField(() => [NoticeChoice], { description: 'What the caller is mailed, if it is for them.' })
  notices(@Parent() { view }: OrganizationType): readonly NoticeChoice[] {
    const { standing, state } = view;
    if (standing.kind !== 'member') return [];
    return NOTICE_KINDS.map((kind) => ({
      kind,
      meaning: noticeKinds[kind],
      isMailed: wantsByMail(state, standing.memberId, kind),
    }));
  }
}

const endpointNode = (view: View, endpoint: Endpoint): EndpointType => ({
  id: endpoint.endpointId,
  url: endpoint.url,
  kinds: endpoint.kinds,
  status: endpoint.status,
  secretsInForce: secretsInForce(endpoint, view.now).length,
  view,
  endpoint,
});
