import { AgentAttempts } from '@countersign/agents';
import { Commands, Configurations, EnforcementSnapshots, HoldCorrections } from '@countersign/decisions';
import { instant } from '@countersign/kernel';
import type { HeadTransactions } from '@countersign/ledger-server';
import type { Pools } from '@countersign/postgres';
import type { DynamicModule, Provider } from '@nestjs/common';
import { AgentKeys } from './application/agent-keys.ts';
import { CorrectHold } from './application/correct-hold.ts';
import { Decider } from './application/decider.ts';
import { Decisions } from './application/decisions.ts';
import { DryRuns } from './application/dry-runs.ts';
import { ExecuteCommand, type OpeningEvent } from './application/execute-command.ts';
import { KeyUses } from './application/key-uses.ts';
import { LiveKeys } from './application/live-keys.ts';
import { OwnBudgets } from './application/own-budgets.ts';
import { ReadConfiguration } from './application/read-configuration.ts';
import { ReadSnapshot } from './application/read-snapshot.ts';
import { RecordAttempts } from './application/record-attempts.ts';
import { Reports } from './application/reports.ts';
import { Takes } from './application/takes.ts';
import { WaitForDecision } from './application/wait-for-decision.ts';
import { agentControllers } from './rest/agent-controllers.ts';
import { AgentGuard } from './rest/agent.guard.ts';
import { OpenapiController } from './rest/openapi/openapi.controller.ts';

/** What the app hands in: connections by purpose, and the one way to append. */
export interface DecisionsDependencies {
  readonly pools: Pools;
  readonly transactions: HeadTransactions;
  /** Gives the first event of a new organization's ledger. */
  readonly openingEvent: OpeningEvent;
}

/** The hot path: decisions, outcomes and commands, over REST for agents and through ports for everybody else. */
export class DecisionsModule {
  static with(dependencies: DecisionsDependencies): DynamicModule {
    const providers = providersOf(dependencies);
    return {
      module: DecisionsModule,
      global: true,
      controllers: [...agentControllers, OpenapiController],
      providers,
      exports: providers,
    };
  }
}

const processNow = () => instant(Date.now());

function providersOf({ pools, transactions, openingEvent }: DecisionsDependencies): Provider[] {
  const decider = new Decider(pools.decisions, transactions);
  const configurations = new ReadConfiguration(pools.reads);
  const decisions = new Decisions(decider, pools.reads, processNow);
  const keys = new AgentKeys(pools.reads);
  const live = new LiveKeys(pools.reads, processNow);
  return [
    { provide: AgentKeys, useValue: keys },
    AgentGuard,
    { provide: Decisions, useValue: decisions },
    { provide: Reports, useValue: new Reports(decider) },
    { provide: Takes, useValue: new Takes(decider, decisions) },
    { provide: DryRuns, useValue: new DryRuns(pools.reads, configurations, processNow) },
    { provide: KeyUses, useValue: new KeyUses(pools.commands) },
    { provide: LiveKeys, useValue: live },
    { provide: WaitForDecision, useValue: new WaitForDecision(decisions, live) },
    { provide: OwnBudgets, useValue: new OwnBudgets(pools.reads, processNow) },
    { provide: ReadConfiguration, useValue: configurations },
    { provide: Configurations, useValue: configurations },
    { provide: Commands, useValue: new ExecuteCommand(pools, transactions, openingEvent) },
    { provide: EnforcementSnapshots, useValue: new ReadSnapshot(pools.reads) },
    { provide: HoldCorrections, useValue: new CorrectHold(pools.commands, transactions) },
    { provide: AgentAttempts, useValue: new RecordAttempts(pools.commands, transactions, keys) },
  ];
}
