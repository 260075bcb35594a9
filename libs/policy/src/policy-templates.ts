import { parseDocument } from 'yaml';
import { parsePolicy } from './parse-policy.ts';
import type { PolicyCode } from './policy-codes.ts';
import { closest } from './source-problems.ts';
import {
  cappedUser,
  customerSupport,
  internalNotifier,
  observe,
  researchAssistant,
  unrestricted,
} from './template-texts.ts';

/** Policies to begin with, by name. */
export const policyTemplates = {
  capped_user: cappedUser,
  research_assistant: researchAssistant,
  customer_support: customerSupport,
  internal_notifier: internalNotifier,
  unrestricted,
  observe,
} as const;

/** Why a template cannot be applied. The code is permanent. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(
    readonly code: Extract<PolicyCode, `template.${string}`>,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The text of a template with some of it changed, its comments kept. Overrides are plain values by path, as problems
 * name paths: `{ name: 'ada-research', 'limits.llm_daily_usd': 2, 'rates[0].max': 10 }`.
 *
 * @throws {TemplateError} when there is no such template, or when the result would not be a policy.
 */
export function applyTemplate(name: string, overrides: Readonly<Record<string, unknown>> = {}): string {
  if (!Object.hasOwn(policyTemplates, name)) throw unknownTemplate(name);
  const template = policyTemplates[name as keyof typeof policyTemplates];
  // Untouched, the text stays as it is written, to the blank.
  if (Object.keys(overrides).length === 0) return template;

  const document = parseDocument(template);
  for (const [path, value] of Object.entries(overrides)) set(document, path, value);
  const text = document.toString({ lineWidth: 0 });
  const wrong = parsePolicy(text).problems.filter(({ severity }) => severity === 'error');
  if (wrong.length === 0) return text;
  const reasons = wrong.map(({ path, message }) => `${path}: ${message}`).join(' ');
  throw new TemplateError('template.override', `the template \`${name}\` cannot take these overrides. ${reasons}`);
}

function unknownTemplate(name: string): TemplateError {
  const names = Object.keys(policyTemplates);
  const nearest = closest(name, names);
  const hint = nearest ? `did you mean \`${nearest}\`?` : `there is ${names.join(', ')}`;
  return new TemplateError('template.unknown', `there is no template \`${name}\`: ${hint}`);
}

function set(document: ReturnType<typeof parseDocument>, path: string, value: unknown): void {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  try {
    document.setIn(
      steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step)),
      value,
    );
  } catch {
    throw new TemplateError('template.override', `\`${path}\` leads through a value that has no parts`);
  }
}
