import { survivesRoundTrip } from './json-number.ts';

/** What the native parser keeps quiet about, gathered in one pass over the text. */
export interface Survey {
  /** Colons outside strings: as many as the text has members, doubled keys counted twice. */
  members: number;
  depthMost: number;
  hasUnicodeEscape: boolean;
  hasNegativeZero: boolean;
  numbersSurvive: boolean;
}

const QUOTE = 34;
const BACKSLASH = 92;
const LETTER_U = 117;

const STRING = 1;
const COLON = 2;
const OPEN = 3;
const CLOSE = 4;
const NUMBER = 5;
const NUMBER_CONTINUED = 6;

const KINDS = new Uint8Array(128);
const classify = (characters: string, kind: number) => {
  for (const character of characters) KINDS[character.charCodeAt(0)] = kind;
};
classify('"', STRING);
classify(':', COLON);
classify('{[', OPEN);
classify('}]', CLOSE);
classify('-0123456789', NUMBER);
classify('+.eE', NUMBER_CONTINUED);

/**
 * Correct for JSON texts; for any other text the answer means nothing, and the native parser refuses the text anyway.
 * That is why a character past ASCII may be taken for another: outside a string it is no JSON.
 */
export function surveyOf(text: string): Survey {
  const survey = { members: 0, depthMost: 0, hasUnicodeEscape: false, hasNegativeZero: false, numbersSurvive: true };
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const kind = kindAt(text, at);
    if (kind === STRING) at = endOfString(text, at, survey);
    else if (kind === COLON) survey.members += 1;
    else if (kind === OPEN) survey.depthMost = Math.max(survey.depthMost, (depth += 1));
    else if (kind === CLOSE) depth -= 1;
    else if (kind === NUMBER) at = endOfNumber(text, at, survey);
  }
  return survey;
}

const kindAt = (text: string, at: number) => KINDS[text.charCodeAt(at) & 127] ?? 0;

/** Index of the closing quote, or past the end. */
function endOfString(text: string, start: number, survey: Survey): number {
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code !== BACKSLASH) continue;
    at += 1;
    if (text.charCodeAt(at) === LETTER_U) survey.hasUnicodeEscape = true;
  }
  return at;
}

/** Index of the number's last character. */
function endOfNumber(text: string, start: number, survey: Survey): number {
  let end = start + 1;
  while (end < text.length && kindAt(text, end) >= NUMBER) end += 1;

  const token = text.slice(start, end);
  if (!survivesRoundTrip(token)) survey.numbersSurvive = false;
  if (token.startsWith('-') && Number(token) === 0) survey.hasNegativeZero = true;
  return end - 1;
}
