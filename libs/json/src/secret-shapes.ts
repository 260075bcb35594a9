/**
 * Secrets that are known by sight, as sources of regular expressions.
 *
 * INVARIANT: matching is linear. Each shape starts with literal characters, and what may repeat after them either has a
 * bound or stops at a character that starts the shape again, so that no text is read over and over from many starts.
 */

/** May start anywhere, even inside a word. */
const ANYWHERE = {
  'private-key':
    '-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----' +
    '[^-]*(?:-(?!----)[^-]*){0,200}(?:-----END [A-Z0-9 ]{1,60}-----)?',
  'url-password': ':\\/\\/[^\\s\\/?#:@"\'<>]{0,256}:[^\\s\\/?#"\'<>]{1,512}(?=@)',
  'slack-webhook': 'hooks\\.slack\\.com\\/(?:services|workflows|triggers)\\/[A-Za-z0-9/_-]{20,200}',
  basic:
    '(?:^|[Aa]uthorization["\']?[:=] {0,4}["\']?)[Bb]asic {1,4}(?=[A-Za-z+/]{0,200}[0-9=])[A-Za-z0-9+/]{8,4096}={0,2}',
} as const;

/** Start only where a word starts, so that `task-…` is no `sk-…` and a long run of letters has one start. */
const WORDS = {
  bearer: '[Bb](?:earer|EARER)[ \\t]{1,8}[A-Za-z0-9._~+/=-]{16,}',
  'countersign-key': 'csk_[A-Za-z0-9_-]{16,}',
  'api-key': 'sk-(?=[A-Za-z_-]{0,200}[0-9])[A-Za-z0-9_-]{20,}',
  stripe: '(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9+/=]{16,}',
  github: '(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{22,})',
  gitlab: 'glpat-[A-Za-z0-9_-]{20,}',
  aws: 'A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])',
  slack: '(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,}',
  google: '(?:AIza[A-Za-z0-9_-]{35}|ya29\\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,})',
  twilio: 'SK[0-9a-f]{32}(?![A-Za-z0-9])',
  sendgrid: 'SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,}',
  npm: 'npm_[A-Za-z0-9]{36}',
  'hugging-face': 'hf_[A-Za-z0-9]{30,}',
  jwt: 'eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*',
} as const;

export type SecretKind = keyof typeof ANYWHERE | keyof typeof WORDS;

/** In the order of the capture groups of `SECRET`. */
export const SECRET_KINDS = [...Object.keys(ANYWHERE), ...Object.keys(WORDS)] as readonly SecretKind[];

const groups = (shapes: Readonly<Record<string, string>>) =>
  Object.values(shapes)
    .map((shape) => `(${shape})`)
    .join('|');

/** One capture group a kind. */
export const SECRET = new RegExp(`${groups(ANYWHERE)}|(?<![A-Za-z0-9_-])(?:${groups(WORDS)})`, 'g');

/** What every shape contains: most texts hold none of it, and need no closer look. */
export const SECRET_HINT =
  /-----BEGIN |:\/\/|hooks\.slack|asic |[Bb]earer|BEARER|[cs]k[_-]|rk_|whsec_|gh[opsur]_|github_|glpat|A[KS]IA|xox|xapp|AIza|ya29|GOCSPX|SK[0-9a-f]|SG\.|npm_|hf_|eyJ/;
