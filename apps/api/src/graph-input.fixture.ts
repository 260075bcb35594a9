import {
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import type { GraphCall } from './people.fixture.ts';

/** One call of a mutation with one thing wrong. */
export interface BadCall extends GraphCall {
  readonly name: string;
  /** The field that is wrong, as its refusal has to name it; null where what is wrong may be data. */
  readonly field: string | null;
}

type Values = Readonly<Record<string, unknown>>;

/** Ids as nobody makes them: other people's paths, statements, lines and ends of strings. */
const HOSTILE = ['../../etc/passwd', "x'; drop table ledger.events; --", 'a\nb', 'a\u0000b', '\u001b[31m', '\u202eabc'];
/** Longer than anything that has an end, and short enough for a body. */
const LONG = 'x'.repeat(600_000);

/** Whatever a mutation takes, named so that nothing of it exists: only refusals follow. */
export function baseOf(type: GraphQLInputObjectType, organizationId: string, given: Values): Values {
  const fields = Object.entries(type.getFields()).filter(([, { type: of }]) => isNonNullType(of));
  const values = fields.map(([name, { type: of }]) => [name, given[name] ?? plainValue(of, organizationId, name)]);
  return { ...Object.fromEntries(values), ...given };
}

function plainValue(type: GraphQLInputType, organizationId: string, name: string): unknown {
  if (name === 'organizationId') return organizationId;
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) return [];
  if (isInputObjectType(inner)) return baseOf(inner, organizationId, {});
  return { Boolean: false, Int: 1, DateTime: '2030-01-01T00:00:00Z', Position: 1 }[inner.toString()] ?? 'nobody';
}

/** Each field of the input: missing, of another type, too long, hostile. */
export function badCallsOf(schema: GraphQLSchema, mutation: string, base: Values): readonly BadCall[] {
  const [input] = schema.getMutationType()?.getFields()[mutation]?.args ?? [];
  const type = input && isNonNullType(input.type) ? input.type.ofType : input?.type;
  if (!isInputObjectType(type)) throw new Error(`${mutation} takes no input`);
  const query = `mutation ($input: ${type.name}!) { ${mutation}(input: $input) {
    __typename ... on CommandDone { position } ... on Refusal { code message } } }`;
  return wrongValues(type, base).map(({ name, field, value }) => ({
    name: `${mutation}, ${name}`,
    field,
    query,
    variables: { input: value },
  }));
}

interface Wrong {
  readonly name: string;
  readonly field: string | null;
  readonly value: Values;
}

function wrongValues(type: GraphQLInputObjectType, base: Values): readonly Wrong[] {
  const fields = Object.entries(type.getFields());
  const unknown: Wrong = { name: 'a field there is not', field: 'colour', value: { ...base, colour: 'red' } };
  return [unknown, ...fields.flatMap(([name, { type: of }]) => wrongIn(name, of, base))];
}

function wrongIn(name: string, type: GraphQLInputType, base: Values): readonly Wrong[] {
  const inner = isNonNullType(type) ? type.ofType : type;
  return [
    ...wrongForAny(name, inner, base),
    ...(isNonNullType(type) ? absences(name, base) : []),
    ...(isInputObjectType(inner) ? wrongInside(name, inner, base) : []),
    ...(['ID', 'String'].includes(inner.toString()) ? wrongTexts(name, base) : []),
  ];
}

function wrongForAny(name: string, inner: GraphQLInputType, base: Values): readonly Wrong[] {
  const lists = { name: `${name} as a list of lists`, field: name, value: { ...base, [name]: [[[7]]] } };
  // Anything is JSON.
  if (inner.toString() === 'JSON') return [lists];
  return [lists, { name: `${name} of another type`, field: name, value: { ...base, [name]: { no: 'such' } } }];
}

function absences(name: string, base: Values): readonly Wrong[] {
  const missing = Object.fromEntries(Object.entries(base).filter(([each]) => each !== name));
  return [
    { name: `${name} null`, field: name, value: { ...base, [name]: null } },
    { name: `${name} missing`, field: name, value: missing },
  ];
}

const wrongInside = (name: string, inner: GraphQLInputObjectType, base: Values): readonly Wrong[] =>
  wrongValues(inner, (base[name] ?? {}) as Values).map((wrong) => ({
    ...wrong,
    name: `${name}, ${wrong.name}`,
    value: { ...base, [name]: wrong.value },
  }));

function wrongTexts(name: string, base: Values): readonly Wrong[] {
  // An organization that is none is absent, however it is written.
  const long = { name: `${name} too long`, field: name === 'organizationId' ? null : name };
  return [
    { ...long, value: { ...base, [name]: LONG } },
    ...HOSTILE.map((text) => ({
      name: `${name} as ${JSON.stringify(text)}`,
      field: null,
      value: { ...base, [name]: text },
    })),
  ];
}
