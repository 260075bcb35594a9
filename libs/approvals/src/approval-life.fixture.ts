import { instant, type Instant, type MemberId } from '@countersign/kernel';
import type { Caller, OrganizationRole } from '@countersign/identity';
import fc from 'fast-check';
import { expect } from 'vitest';
import { ApprovalCommand } from './approval.commands.ts';
import { decideApproval } from './approval.decider.ts';
import type { ApprovalEvent } from './approval.events.ts';
import {
  ada,
  alan,
  asAgent,
  asked,
  askedAgain,
  asMember,
  asSystem,
  audrey,
  barbara,
  clerk,
  edsger,
  factsFor,
  grace,
  grantId,
  olive,
  opened,
  refund,
  refundAsked,
  refundInput,
  rowOf,
  teamMonth,
  treasuryAsked,
  victor,
} from './approval.mother.ts';
import type { ApprovalStatus } from './approval.state.ts';
import { cancelAsk, openApproval, takePermit } from './asks.ts';
import { dueOf } from './due.ts';
import { evolveApprovals } from './evolve.ts';
import type { ApprovalFacts, Redecision } from './facts.ts';
import { GrantTerms } from './grant.terms.ts';
import { answerTake } from './permit.ts';
import type { Requirement } from './requirement.ts';
import type { StoppedTime } from './stop-clock.ts';

export const SPAN_MS = 100;
export const OPENED = 1_000;
const everybody = [ada, grace, edsger, barbara, olive, alan, audrey, victor] as const;
const roleNames: readonly OrganizationRole[] = ['owner', 'admin', 'member', 'developer', 'auditor', 'viewer'];
const teamNames = ['treasury', 'legal', 'finance'] as const;

/** The organization as it is at one moment, in the plainest form there is. */
interface World {
  readonly roles: Map<MemberId, OrganizationRole>;
  readonly teams: Map<string, Set<MemberId>>;
  readonly involved: Set<MemberId>;
  readonly stops: StoppedTime[];
  excess: bigint;
}

/** What happened, when, and how the world was then. */
export interface Happening {
  readonly event: ApprovalEvent;
  readonly at: Instant;
  readonly actor: Caller;
  readonly mayDecide: ReadonlyMap<string, ReadonlySet<MemberId>>;
  readonly mayRaise: ReadonlySet<MemberId>;
  readonly ranMs: number;
  readonly excess: bigint;
}

export const member = fc.constantFrom(...everybody);
const team = fc.constantFrom(...teamNames);
const terms = GrantTerms.parse({ pattern: 'refund.issue', when: null });
const person = member.map(asMember);
const decider = fc.oneof({ weight: 8, arbitrary: person }, fc.constant(asAgent(clerk)), fc.constant(asSystem));

export const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('vote' as const),
      by: decider,
      verdict: verdicts(),
      grants: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('command' as const), by: decider, type: commandTypes() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('edit' as const), by: decider, allows: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('role' as const),
      who: member,
      role: fc.option(fc.constantFrom(...roleNames)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('team' as const), who: member, team }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('involve' as const), who: member }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('excess' as const), nanos: fc.constantFrom(0n, 1n, 200_000_000_000n) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sweep' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('take' as const),
      takeId: fc.constantFrom('take-1', 'take-2'),
      isSame: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cancel' as const), decisionId: fc.constantFrom(asked, askedAgain) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 30 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function verdicts() {
  return fc.oneof({ weight: 5, arbitrary: fc.constant('approve') }, fc.constant('deny'));
}
function commandTypes() {
  return fc.constantFrom('RetractVote', 'ClaimApproval', 'UnclaimApproval', 'WithdrawApproval', 'CommentOnApproval');
}

const requirement = (of: string): fc.Arbitrary<Requirement> =>
  fc
    .record({
      quorum: fc.integer({ min: 1, max: 3 }),
      escalate: fc.option(fc.record({ at: fc.integer({ min: OPENED, max: OPENED + SPAN_MS }).map(instant), team })),
    })
    .map((parts) => ({ ...treasuryAsked, team: of, permitForMs: 40, ...parts }));
export const requirements = fc
  .uniqueArray(fc.constantFrom('treasury', 'legal'), { minLength: 1 })
  .chain((names) => fc.tuple(...names.map(requirement)));

/** One approval, lived through: every event it came to, in order. */
export class Life {
  readonly happened: Happening[] = [];
  readonly takes: string[] = [];
  readonly statuses: ApprovalStatus[] = ['pending'];
  readonly state;
  readonly world: World = {
    roles: new Map<MemberId, OrganizationRole>([
      ...[ada, grace, edsger, barbara].map((who) => [who, 'member'] as const),
      ...[
        [olive, 'owner'] as const,
        [alan, 'admin'] as const,
        [audrey, 'auditor'] as const,
        [victor, 'viewer'] as const,
      ],
    ]),
    teams: new Map([
      ['treasury', new Set([ada, grace, edsger, audrey])],
      ['legal', new Set([barbara, grace])],
      ['finance', new Set([edsger, victor])],
    ]),
    involved: new Set(),
    stops: [],
    excess: 0n,
  };
  at = OPENED;
  #edits = 0;

  constructor(
    needed: readonly Requirement[],
    private readonly onBehalfOf: MemberId | null,
    withBudget: boolean,
  ) {
    const times = { openedAt: instant(OPENED), expiresAt: instant(OPENED + SPAN_MS) };
    const ask = { requirements: needed, onBehalfOf, budgets: withBudget ? [teamMonth] : [], ...times };
    this.state = opened(ask);
    openApproval(this.state, { ...refundAsked, ...ask, decisionId: askedAgain });
  }

  get row() {
    return rowOf(this.state);
  }

  live(each: Step): void {
    const { world } = this;
    switch (each.kind) {
      case 'vote':
        return this.#vote(each);
      case 'command':
        return this.#command(each.by, { type: each.type, ...(each.type === 'CommentOnApproval' && { text: 'well' }) });
      case 'edit':
        return this.#edit(each);
      case 'role':
        if (each.role === null) world.roles.delete(each.who);
        else world.roles.set(each.who, each.role);
        return;
      case 'team':
        return toggle(world.teams.get(each.team) ?? new Set(), each.who);
      case 'involve':
        return toggle(world.involved, each.who);
      case 'stop':
        return this.#toggleStop();
      case 'excess':
        world.excess = each.nanos;
        return;
      case 'sweep':
        return this.#record(asSystem, dueOf(this.row, world.stops, instant(this.at)));
      case 'take':
        return this.#take(each);
      case 'cancel':
        cancelAsk(this.state, refund, each.decisionId);
        return this.#noteStatus();
      case 'wait':
        this.at += each.ms;
    }
  }

  #vote({ by, verdict, grants }: Extract<Step, { kind: 'vote' }>): void {
    const grant = grants ? { grantId, terms } : null;
    this.#command(by, {
      type: 'DecideApproval',
      verdict,
      digest: this.row.digest.value,
      grant: verdict === 'approve' ? grant : null,
    });
  }

  #edit({ by, allows }: Extract<Step, { kind: 'edit' }>): void {
    this.#edits += 1;
    const needed = this.row.requirements.map(({ teams: _, ...asks }) => ({
      ...asks,
      expiresAt: instant(this.at + SPAN_MS),
    }));
    const digest = { salt: `salt-${this.#edits}`, value: `edit ${this.#edits}` };
    const redecided: Redecision = {
      ...{ args: {}, digest, verdict: allows ? 'allow' : 'ask', epoch: 1, reasons: [], budgets: [] },
      ...{ requirements: allows ? [] : needed, expiresAt: instant(this.at + SPAN_MS) },
    };
    this.#command(by, { type: 'EditApproval', digest: this.row.digest.value, args: {} }, redecided);
  }

  #command(by: Caller, wish: object, redecided: Redecision | null = null): void {
    const command = ApprovalCommand.parse({ approvalId: refund, ...wish });
    const decided = decideApproval(command, this.state, this.#facts(by, redecided), instant(this.at));
    if (decided.outcome === 'accepted') this.#record(by, decided.events);
  }

  #facts(by: Caller, redecided: Redecision | null): ApprovalFacts {
    const { roles, teams, involved, stops, excess } = this.world;
    const people = {
      roleOf: (who: MemberId) => roles.get(who) ?? null,
      decidersOf: (name: string) => [...(teams.get(name) ?? [])],
      owners: [...roles].filter(([, role]) => role === 'owner').map(([who]) => who),
    };
    const excessOf = () => ({ amount: excess, windowStart: instant(0), windowEnd: null });
    const grantable = { input: refundInput, rules: ['rule'] };
    return factsFor(by, { people, involved, stops, excessOf, redecided, grantable });
  }

  #record(actor: Caller, events: readonly ApprovalEvent[]): void {
    for (const event of events) {
      const { world } = this;
      const mayDecide = new Map(
        teamNames.map((name) => [name as string, this.#free([...(world.teams.get(name) ?? [])])]),
      );
      mayDecide.set('owners', this.#free(everybody.filter((who) => world.roles.get(who) === 'owner')));
      const mayRaise = this.#free(everybody.filter((who) => ['owner', 'admin'].includes(world.roles.get(who) ?? '')));
      this.happened.push({
        event,
        at: instant(this.at),
        actor,
        mayDecide,
        mayRaise,
        ranMs: this.#ranMs(),
        excess: world.excess,
      });
      evolveApprovals(this.state, event);
      this.#noteStatus();
    }
  }

  #free(members: readonly MemberId[]): ReadonlySet<MemberId> {
    const { roles, involved } = this.world;
    const never = new Set<OrganizationRole | undefined>([undefined, 'auditor', 'viewer']);
    return new Set(
      members.filter((who) => !never.has(roles.get(who)) && !involved.has(who) && who !== this.onBehalfOf),
    );
  }

  #ranMs(): number {
    const ms = Array.from({ length: this.at - OPENED }, (_, index) => OPENED + index);
    return ms.filter((one) => !this.world.stops.some(({ from, to }) => from <= one && (to === null || one < to)))
      .length;
  }

  #take({ takeId, isSame }: Extract<Step, { kind: 'take' }>): void {
    const { salt, value } = this.row.digest;
    const taking = { takeId, digestOf: (with_: string) => (isSame && with_ === salt ? value : 'another action') };
    const { answer } = answerTake(this.row, taking, this.world.stops, instant(this.at));
    if (answer !== 'free') return;
    expect(isSame).toBe(true);
    expect(this.at).toBeLessThan(this.row.permit?.expiresAt ?? 0);
    this.takes.push(takeId);
    takePermit(this.state, refund, takeId);
    this.#noteStatus();
  }

  #toggleStop(): void {
    const { stops } = this.world;
    const open = stops.findIndex(({ to }) => to === null);
    if (open < 0) stops.push({ from: instant(this.at), to: null });
    else stops[open] = { from: stops[open]?.from ?? instant(0), to: instant(this.at) };
  }

  #noteStatus(): void {
    if (this.statuses.at(-1) !== this.row.status) this.statuses.push(this.row.status);
  }
}

function toggle<Value>(set: Set<Value>, value: Value): void {
  if (!set.delete(value)) set.add(value);
}
