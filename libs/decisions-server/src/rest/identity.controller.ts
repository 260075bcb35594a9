import { Controller, Get, UseGuards } from '@nestjs/common';
import { ReadConfiguration } from '../application/read-configuration.ts';
import type { Caller } from '../application/pending.ts';
import { AgentGuard, CallingAgent, LiveKeyGuard } from './agent.guard.ts';
import { unauthenticated } from './fault-problem.ts';
import { OwnBudgets } from '../application/own-budgets.ts';
import { ownAgent, ownKey } from './identity.view.ts';

/** Who the agent is to Countersign, and what it may still spend. */
@Controller('v1/me')
@UseGuards(AgentGuard, LiveKeyGuard)
export class IdentityController {
  constructor(
    private readonly configurations: ReadConfiguration,
    private readonly budgets: OwnBudgets,
  ) {}

  @Get()
  async me(@CallingAgent() caller: Caller) {
    const configuration = await this.configurations.configuration(caller.organizationId);
    const asker = configuration.asker(caller.agentId);
    const key = configuration.key(caller.keyId);
    if (!asker || !key) throw unauthenticated();

    const { agent, team } = asker;
    const { attached } = configuration.stack(agent, key.boundUser ?? undefined);
    return {
      agent: ownAgent(asker),
      team: { id: team.teamId, name: team.name },
      organization: { id: caller.organizationId },
      key: ownKey(key),
      policies: attached.map(({ layer, version, policy }) => ({
        name: policy.name,
        version,
        layer,
        mode: policy.mode,
      })),
      budgets: await this.budgets.of(configuration, asker),
    };
  }
}
