import type { ApprovalNews, BudgetNews, NoticeContent } from './notice.ts';

/** A notice as people read it. */
export interface NoticeWords {
  readonly subject: string;
  readonly paragraphs: readonly string[];
}

/** Where its reader can look. Ids only, so that nothing in a path was written by an agent. */
export interface NoticePlace {
  readonly organization: string;
  readonly consoleUrl: string;
}

/** What a mail says. Everything that agents and people named was made visible when the notice was made. */
export function wordsOf(notice: NoticeContent, place: NoticePlace): NoticeWords {
  const { subject, paragraphs } = said(notice);
  return { subject: `[${place.organization}] ${subject}`, paragraphs: [...paragraphs, ...linkOf(notice, place)] };
}

function said(notice: NoticeContent): NoticeWords {
  switch (notice.kind) {
    case 'publication.proposed': {
      const { publicationId, policy, change } = notice.news;
      return {
        subject: `To confirm: policy ${policy}`,
        paragraphs: [
          `Somebody wants to change policy ${policy} (${change}; ${publicationId}). Nothing is in force until a second person confirms it.`,
          'Read it first: `countersign policy pending` shows what waits.',
        ],
      };
    }
    case 'stop.placed': {
      const { scope, reason, stopId } = notice.news;
      const why = reason === '' ? 'No reason was given.' : `Reason: ${reason}`;
      return { subject: `Stopped: ${scope}`, paragraphs: [`A stop was placed on ${scope} (${stopId}).`, why] };
    }
    case 'budget.warning':
    case 'budget.unreported':
      return ofBudget(notice.kind, notice.news);
    case 'checkpoint.daily': {
      const { day, size, checkpoint } = notice.news;
      return {
        subject: `Checkpoint of ${day}: ${size} events`,
        paragraphs: ['Keep this outside of Countersign; `countersign verify --since` checks against it.', checkpoint],
      };
    }
    case 'endpoint.disabled': {
      const { url, endpointId, why } = notice.news;
      const cause = why === 'gone' ? 'It answered that it is gone.' : 'It failed for more than a day.';
      return {
        subject: 'A webhook endpoint was disabled',
        paragraphs: [`Nothing is sent to ${url} (${endpointId}) any more. ${cause}`, 'Enable it when it works again.'],
      };
    }
    default:
      return ofApproval(notice.kind, notice.news);
  }
}

type ApprovalKind = Extract<NoticeContent, { news: ApprovalNews }>['kind'];

function ofApproval(kind: ApprovalKind, news: ApprovalNews): NoticeWords {
  const action = `${news.intent}${news.target === '' ? '' : ` ${news.target}`}`;
  const about = `Agent ${news.agent} asks: ${action}`;
  const until = `It is denied unless it is decided by ${news.expiresAt}, time under stops not counted.`;
  const teams = news.teams.join(', ');
  switch (kind) {
    case 'approval.opened':
      return {
        subject: `To decide: ${news.intent} by ${news.agent}`,
        paragraphs: [about, `Asked of: ${teams}`, until],
      };
    case 'approval.reminder':
      return {
        subject: `Still to decide: ${news.intent} by ${news.agent}`,
        paragraphs: [about, `${news.over ?? 50} % of the time is over. ${until}`],
      };
    case 'approval.escalated':
      return {
        subject: `Now yours to decide: ${news.intent} by ${news.agent}`,
        paragraphs: [about, `Nobody answered in time, so it came to: ${teams}`, until],
      };
    case 'approval.settled':
      return {
        subject: `Settled (${news.outcome}): ${news.intent} by ${news.agent}`,
        paragraphs: [about, settledWords(news)],
      };
    case 'approval.denied':
      return { subject: `Denied: ${news.intent} by ${news.agent}`, paragraphs: [about, 'It was denied.'] };
    case 'approval.expired':
      return { subject: `Expired: ${news.intent} by ${news.agent}`, paragraphs: [about, 'Nobody decided in time.'] };
    case 'permit.lapsing':
      return {
        subject: `About to lapse: ${news.intent} by ${news.agent}`,
        paragraphs: [about, `It was approved, was not taken yet, and can be only until ${news.permitExpiresAt}.`],
      };
  }
}

const settledWords = ({ outcome }: ApprovalNews) =>
  outcome === 'expired' ? 'Nobody decided in time.' : `It was ${outcome}. Nobody has to decide any more.`;

function ofBudget(kind: 'budget.warning' | 'budget.unreported', news: BudgetNews): NoticeWords {
  const name = `${news.policy}/${news.budget}`;
  const whose = `${news.scope} ${news.instance}, per ${news.window}`;
  const resets = news.windowEnd === null ? 'It never begins anew.' : `It begins anew at ${news.windowEnd}.`;
  if (kind === 'budget.unreported')
    return {
      subject: `Unreported spend: ${name}`,
      paragraphs: [
        `Of budget ${name} (${whose}), ${news.used} ${news.unit} were held and never reported: over a fifth of its cap of ${news.cap}.`,
        'They count as spent. `countersign holds list --state unreported` shows them, `holds correct` corrects them.',
      ],
    };
  const percent = Math.round((news.share ?? 0) * 100);
  return {
    subject: `${percent} % of a budget: ${name}`,
    paragraphs: [`Budget ${name} (${whose}) has used ${news.used} of ${news.cap} ${news.unit}.`, resets],
  };
}

/** A line of its own, so that mail programs make a link of it. */
function linkOf(notice: NoticeContent, { consoleUrl }: NoticePlace): readonly string[] {
  return 'approvalId' in notice.news ? [`${consoleUrl}/approvals/${notice.news.approvalId}`] : [];
}
