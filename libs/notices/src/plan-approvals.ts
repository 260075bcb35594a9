import type { Approval, Needed } from '@countersign/approvals';
import type { AnyEvent } from '@countersign/decisions';
import { instant, toIso, type ApprovalId, type MemberId } from '@countersign/kernel';
import { decidersFor, eachOnce, ownersOfAgent } from './audience.ts';
import type { NoticeFacts } from './facts.ts';
import type { ApprovalNews, Notice, ToldEvent } from './notice.ts';
import { visible } from './visible.ts';

type Of<Type extends AnyEvent['type']> = Extract<AnyEvent, { type: Type }>['data'];
type Kind = Extract<Notice, { news: ApprovalNews }>['kind'];

/** One event about one approval that is known. */
interface Case {
  readonly told: ToldEvent;
  readonly facts: NoticeFacts;
  readonly approval: Approval;
}

/** The share of a permit's time that is left when its agent's owner is warned. */
const LAPSING_SHARE = 0.2;

/** Erased asks leave approvals that nobody can be told about in words that mean anything. */
function caseOf(told: ToldEvent, facts: NoticeFacts, approvalId: ApprovalId): Case | null {
  const approval = facts.approvals.get(approvalId);
  return approval ? { told, facts, approval } : null;
}

/** Asks that join a pending one are told as that one: once. */
export function opened(told: ToldEvent, facts: NoticeFacts, { approval }: Of<'ActionDecided'>): readonly Notice[] {
  const found = approval && caseOf(told, facts, approval.id);
  return found ? [notice(found, 'approval.opened', { members: decidersOf(found), key: approval.id })] : [];
}

export function reminded(told: ToldEvent, facts: NoticeFacts, data: Of<'ApprovalReminded'>): readonly Notice[] {
  const found = caseOf(told, facts, data.approvalId);
  if (!found) return [];
  const voted = found.approval.votes.map(({ by }) => by);
  const members = decidersOf(found).filter((member) => !voted.includes(member));
  return [notice(found, 'approval.reminder', { members, news: { over: data.share }, onlyWhile: 'pending' })];
}

export function escalated(told: ToldEvent, facts: NoticeFacts, data: Of<'ApprovalEscalated'>): readonly Notice[] {
  const found = caseOf(told, facts, data.approvalId);
  if (!found) return [];
  const needed = found.approval.requirements.filter(({ team }) => team === data.team);
  const members = decidersOf(
    found,
    needed.map((each) => ({ ...each, teams: [data.to] })),
  );
  return [notice(found, 'approval.escalated', { members, news: { teams: [data.to] }, onlyWhile: 'pending' })];
}

export function approved(told: ToldEvent, facts: NoticeFacts, data: Of<'ApprovalApproved'>): readonly Notice[] {
  const found = caseOf(told, facts, data.approvalId);
  if (!found) return [];
  const news = { permitExpiresAt: toIso(data.permitExpiresAt) };
  const leftMs = Math.floor((data.permitExpiresAt - told.at) * LAPSING_SHARE);
  const sendAt = instant(data.permitExpiresAt - leftMs);
  const members = ownersOfAgent(facts.state, found.approval.agentId);
  return [
    settled(found, 'approved', news),
    notice(found, 'permit.lapsing', { members, news, sendAt, onlyWhile: 'approved' }),
  ];
}

export function denied(told: ToldEvent, facts: NoticeFacts, data: Of<'ApprovalDenied'>): readonly Notice[] {
  return endedForOwner(caseOf(told, facts, data.approvalId), 'denied');
}

export function expired(told: ToldEvent, facts: NoticeFacts, data: Of<'ApprovalExpired'>): readonly Notice[] {
  return endedForOwner(caseOf(told, facts, data.approvalId), 'expired');
}

/** Taking one's question back settles the approval only where no equal ask is left. */
export function cancelled(told: ToldEvent, facts: NoticeFacts, data: Of<'AskCancelled'>): readonly Notice[] {
  const found = caseOf(told, facts, data.approvalId);
  return found?.approval.status === 'cancelled' ? [settled(found, 'cancelled')] : [];
}

export function withdrawn(told: ToldEvent, facts: NoticeFacts, data: Of<'ApprovalWithdrawn'>): readonly Notice[] {
  const found = caseOf(told, facts, data.approvalId);
  return found ? [settled(found, 'withdrawn')] : [];
}

function endedForOwner(found: Case | null, outcome: 'denied' | 'expired'): readonly Notice[] {
  if (!found) return [];
  const members = ownersOfAgent(found.facts.state, found.approval.agentId);
  return [settled(found, outcome), notice(found, `approval.${outcome}`, { members, news: { outcome } })];
}

/** Those who were asked learn that nobody has to decide any more. */
function settled(found: Case, outcome: NonNullable<ApprovalNews['outcome']>, news: Partial<ApprovalNews> = {}): Notice {
  return notice(found, 'approval.settled', { members: decidersOf(found), news: { ...news, outcome } });
}

const decidersOf = ({ told, facts, approval }: Case, requirements: readonly Needed[] = approval.requirements) =>
  decidersFor(requirements, approval, facts.state, told.at);

interface Wish extends Partial<Pick<Notice, 'sendAt' | 'onlyWhile'>> {
  readonly members: readonly MemberId[];
  readonly news?: Partial<ApprovalNews>;
  /** Where one kind is told once per approval, whatever the position. */
  readonly key?: string;
}

function notice(found: Case, kind: Kind, wish: Wish): Notice {
  const { told, facts } = found;
  const { members, news = {}, key = String(told.position), sendAt = null, onlyWhile = null } = wish;
  return {
    kind,
    key: `${kind}/${key}`,
    at: told.at,
    position: told.position,
    members: eachOnce(facts.state, members, told.actor.id),
    news: { ...newsOf(found), ...news },
    sendAt,
    onlyWhile,
  };
}

function newsOf({ facts, approval }: Case): ApprovalNews {
  const { approvalId, decisions, agentId, requirements, intent, target, expiresAt } = approval;
  return {
    approvalId,
    decisionId: decisions[0] ?? '',
    agentId,
    agent: facts.state.agents.get(agentId)?.name ?? agentId,
    teams: [...new Set(requirements.flatMap(({ teams }) => teams))],
    intent,
    target: visible(target),
    expiresAt: toIso(expiresAt),
  };
}
