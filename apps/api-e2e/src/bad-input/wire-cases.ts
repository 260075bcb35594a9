/** One request that must be refused. `body` is the exact text that is sent. */
export interface BadCase {
  readonly title: string;
  readonly body: string;
  /** The field that the answer must name; null where no field is at fault but the text itself. */
  readonly field: string | null;
}

/** What a field takes, so that everything else can be tried. */
export interface FieldRule {
  readonly type: 'string' | 'number' | 'boolean' | 'object' | 'array';
  readonly isRequired?: boolean;
  /** The longest string. */
  readonly most?: number;
  /** Values of the right type that are wrong all the same. */
  readonly wrong?: readonly unknown[];
}

const samples = { string: 'text', number: 7, boolean: true, object: { a: 1 }, array: [1] } as const;

/** Every field of a body missing, of each wrong type, null, too long, and wrong in its own ways. */
export function fieldCases(
  valid: object,
  rules: Readonly<Record<string, FieldRule>>,
  wrap: (body: object) => object = (body) => body,
): BadCase[] {
  return Object.entries(rules).flatMap(([path, rule]) => {
    const as = (title: string, value: unknown): BadCase => ({
      title: `\`${path}\` ${title}`,
      body: JSON.stringify(wrap(withField(valid, path.split('.'), value))),
      field: path,
    });
    return [
      ...(rule.isRequired ? [as('missing', undefined)] : []),
      as('null', null),
      ...Object.entries(samples).flatMap(([type, sample]) => (type === rule.type ? [] : [as(`a ${type}`, sample)])),
      ...(rule.most === undefined ? [] : [as('one character too long', 'x'.repeat(rule.most + 1))]),
      ...(rule.wrong ?? []).map((value) => as(`\`${JSON.stringify(value).slice(0, 40)}\``, value)),
    ];
  });
}

/** Undefined leaves the field out, as JSON does. */
function withField(body: object, [name = '', ...rest]: readonly string[], value: unknown): object {
  const inner = (body as Record<string, unknown>)[name];
  const changed = rest.length === 0 ? value : withField(isObject(inner) ? inner : {}, rest, value);
  return { ...body, [name]: changed };
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nested = (depth: number) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);

/** Texts that no reader of ours may accept, in place of a valid body that contains `"args":{}`. */
export function textCases(valid: string): BadCase[] {
  const withArgs = (args: string) => valid.replace('"args":{}', `"args":${args}`);
  return [
    { title: 'nothing', body: '', field: null },
    { title: 'half of it', body: valid.slice(0, valid.length / 2), field: null },
    { title: 'something behind it', body: `${valid}x`, field: null },
    { title: 'a byte order mark before it', body: `\uFEFF${valid}`, field: null },
    { title: 'a list', body: '[]', field: null },
    { title: 'a string', body: '"text"', field: null },
    { title: 'null', body: 'null', field: null },
    { title: 'single quotes', body: "{'requestId':1}", field: null },
    { title: 'a duplicate key', body: withArgs('{"a":1,"a":2}'), field: 'args.a' },
    { title: 'a duplicate key in other spelling', body: withArgs('{"a":1,"\\u0061":2}'), field: 'args.a' },
    { title: 'a number that does not survive', body: withArgs('{"a":9007199254740993}'), field: 'args.a' },
    { title: 'an exponent beyond every number', body: withArgs('{"a":1e400}'), field: 'args.a' },
    { title: 'NaN', body: withArgs('{"a":NaN}'), field: null },
    { title: 'Infinity', body: withArgs('{"a":-Infinity}'), field: null },
    { title: 'a lone surrogate', body: withArgs('{"a":"\\ud800"}'), field: 'args.a' },
    { title: 'U+0000', body: withArgs('{"a":"\\u0000"}'), field: 'args.a' },
    { title: 'a raw control character', body: withArgs('{"a":"\u0001"}'), field: null },
    { title: '33 levels deep', body: withArgs(nested(33)), field: null },
    { title: '100,000 levels deep', body: withArgs('['.repeat(100_000)), field: null },
    { title: '65 KiB of args', body: withArgs(`{"a":"${'x'.repeat(65 * 1_024)}"}`), field: null },
    { title: 'one megabyte', body: withArgs(`{"a":"${'x'.repeat(1_048_576)}"}`), field: null },
    { title: 'five megabytes', body: withArgs(`{"a":"${'x'.repeat(5 * 1_048_576)}"}`), field: null },
    { title: 'an unknown field', body: valid.replace('{', '{"csot":{"usd":"1"},'), field: 'csot' },
    { title: '`__proto__` as a field', body: valid.replace('{', '{"__proto__":{"dryRun":true},'), field: '__proto__' },
  ];
}
