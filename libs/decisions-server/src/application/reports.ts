import type { OutcomeReport } from '@countersign/decisions';
import { redactSecretsIn, type JsonValue } from '@countersign/json';
import type { DecisionId } from '@countersign/kernel';
import type { Decider } from './decider.ts';
import type { Extension, ExtensionAnswer } from './extension.ts';
import type { Caller, CancelAnswer, OutcomeAnswer } from './pending.ts';

/** What an agent says of a decision afterwards: how it went, that it needs more, that it no longer asks. */
export class Reports {
  constructor(private readonly decider: Decider) {}

  report(caller: Caller, decisionId: DecisionId, report: OutcomeReport): Promise<OutcomeAnswer> {
    return this.decider.submit(caller, { kind: 'outcome', decisionId, report: withoutSecrets(report) });
  }

  extend(caller: Caller, decisionId: DecisionId, extension: Extension): Promise<ExtensionAnswer> {
    return this.decider.submit(caller, { kind: 'extension', decisionId, extension });
  }

  cancel(caller: Caller, decisionId: DecisionId): Promise<CancelAnswer> {
    return this.decider.submit(caller, { kind: 'cancel', decisionId });
  }
}

/** Before it is judged, so that the same report compares equal to what was recorded of it. */
function withoutSecrets(report: OutcomeReport): OutcomeReport {
  if (report.result === undefined) return report;
  return { ...report, result: redactSecretsIn(report.result as JsonValue).value };
}
