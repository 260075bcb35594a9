import { refuse } from '@countersign/http';
import { refusalOf, type Right, type Target } from '@countersign/identity';
import type { OrganizationId } from '@countersign/kernel';
import {
  defaultFieldResolver,
  isObjectType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { GraphContext } from '../request/graph-context.ts';
import { askedOf, type Asked, type FieldCall } from './asks.ts';

/** A field that names no right, and whose type names none: nobody may read it, so nobody may ship it. */
export class UnaskedFields extends Error {
  readonly code = 'graphql.unasked_fields';
  override readonly name = 'UnaskedFields';
}

/**
 * Makes every field ask for its right before its resolver runs, so that no resolver can forget to.
 *
 * @throws {UnaskedFields} naming every field that names no right; the process then does not start.
 */
export function demandRights(schema: GraphQLSchema): GraphQLSchema {
  const fields = ownTypes(schema).flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })));
  const unasked = fields.filter(({ type, field }) => askedIn(type, field) === null);
  if (unasked.length > 0)
    throw new UnaskedFields(
      `no right is named by ${unasked.map(({ type, field }) => `${type}.${field.name}`).join(', ')}`,
    );

  for (const { type, field } of fields) {
    const asked = askedIn(type, field);
    // What a type asks for its fields was asked on the way to it, by the field that led there.
    if (asked !== null && (askedOf(field) !== null || isRoot(schema, type))) demand(field, asked);
  }
  return schema;
}

/** Every field with the right it names, for tests that walk the surface. */
export const askedFields = (schema: GraphQLSchema): ReadonlyMap<string, Asked | null> =>
  new Map(
    ownTypes(schema).flatMap((type) =>
      Object.values(type.getFields()).map((field) => [`${type}.${field.name}`, askedIn(type, field)] as const),
    ),
  );

const ownTypes = (schema: GraphQLSchema): readonly GraphQLObjectType[] =>
  Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__')) as never;

type AnyField = GraphQLField<unknown, GraphContext>;

const askedIn = (type: GraphQLObjectType, field: AnyField): Asked | null => askedOf(field) ?? askedOf(type);

const isRoot = (schema: GraphQLSchema, type: GraphQLObjectType) =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(type);

function demand(field: AnyField, asked: Asked): void {
  const { resolve = defaultFieldResolver, subscribe } = field;
  field.resolve = after(asked, resolve);
  // What is subscribed to is asked for before the first event, not at each.
  if (subscribe) field.subscribe = after(asked, subscribe);
}

const after =
  (asked: Asked, resolve: GraphQLFieldResolver<unknown, GraphContext>): GraphQLFieldResolver<unknown, GraphContext> =>
  async (parent, args, context, info) => {
    await assertMay(asked, { parent, args, context } as unknown as FieldCall);
    return resolve(parent, args, context, info);
  };

async function assertMay(asked: Asked, call: FieldCall): Promise<void> {
  if ('of' in asked && asked.of === 'anybody') return;
  const { context } = call;
  if (!context.signedIn)
    throw refuse(401, 'sign_in.required', 'Not signed in', 'sign in, or send `Authorization: Bearer csp_…`');
  if ('in' in asked) return assertMember(asked.in(call), context);
  if ('on' in asked) await assertRight(asked.right, await asked.on(call), context);
}

async function assertMember(organizationId: OrganizationId | null, context: GraphContext): Promise<void> {
  const standing = organizationId && (await context.standingIn(organizationId));
  if (!standing || standing.kind === 'stranger') throw absent();
}

/** What is absent and what belongs to others is answered alike (I7). */
const absent = () => refuse(404, 'graphql.not_found', 'Not found', 'there is no such thing, or it is not yours to see');

async function assertRight(right: Right, target: Target | null, context: GraphContext): Promise<void> {
  const standing = target && (await context.standingIn(target.organizationId));
  if (!standing || standing.kind === 'stranger') throw absent();
  const refused = refusalOf(standing, { asks: { right, on: [target.kind] }, targets: [target] });
  if (refused) throw refuse(403, refused.code, 'Forbidden', `this takes the right \`${refused.right}\``);
}
