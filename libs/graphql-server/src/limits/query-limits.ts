import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  type ASTVisitor,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** How much one request may ask for. */
export interface QueryLimits {
  /** Fields within fields. */
  readonly depthMax: number;
  /** Fields that the answer may hold at most, as far as the query alone tells. */
  readonly costMax: number;
}

/** The console's deepest page needs 8, its largest about 4,000. */
export const queryLimits: QueryLimits = { depthMax: 12, costMax: 20_000 };

/** What a page holds at most; what is asked for by a variable is taken as this. */
export const PAGE_MAX = 100;

/** What a list without pages is taken to hold. */
const LIST_ASSUMED = 10;

/** Introspection is deep by nature, and large: once. Lists in lists in it are limited by a rule of graphql-js as well. */
const introspectionLimits: QueryLimits = { depthMax: 20, costMax: 60_000 };

interface Size {
  readonly depth: number;
  readonly cost: number;
}

const NOTHING: Size = { depth: 0, cost: 0 };

/**
 * A validation rule that refuses a query for what it asks for before any of it is read. Each fragment is measured once,
 * so measuring takes no longer than the query is, whatever fragments within fragments would grow to.
 */
export const queryLimitsRule =
  (limits: QueryLimits = queryLimits) =>
  (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(node) {
      const measure = new Measure(context);
      const { depth, cost } = measure.of(node.selectionSet, measure.rootOf(node.operation));
      const { depthMax, costMax } = isIntrospection(node.selectionSet) ? introspectionLimits : limits;
      if (depth > depthMax) report(context, 'graphql.too_deep', `is ${depth} deep; at most ${depthMax} is allowed`);
      if (cost > costMax)
        report(
          context,
          'graphql.too_costly',
          `may answer ${cost} fields; at most ${costMax} are allowed: ask for fewer with \`first\``,
        );
    },
  });

const report = (context: ValidationContext, code: string, message: string) =>
  context.reportError(new GraphQLError(`the query ${message}`, { extensions: { code } }));

const isIntrospection = ({ selections }: SelectionSetNode) =>
  selections.every((selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'));

class Measure {
  readonly #fragments = new Map<string, Size>();

  constructor(private readonly context: ValidationContext) {}

  rootOf(operation: 'query' | 'mutation' | 'subscription'): GraphQLNamedType | undefined {
    return this.context.getSchema().getRootType(operation as never) ?? undefined;
  }

  of(set: SelectionSetNode | undefined, type: GraphQLNamedType | undefined): Size {
    return (set?.selections ?? [])
      .map((selection) => this.#ofSelection(selection, type))
      .reduce((sum, { depth, cost }) => ({ depth: Math.max(sum.depth, depth), cost: sum.cost + cost }), NOTHING);
  }

  #ofSelection(selection: SelectionNode, type: GraphQLNamedType | undefined): Size {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.#ofField(selection, type);
      case Kind.FRAGMENT_SPREAD:
        return this.#ofFragment(selection.name.value);
      case Kind.INLINE_FRAGMENT:
        return this.of(selection.selectionSet, this.#typeNamed(selection.typeCondition?.name.value) ?? type);
    }
  }

  #ofField(node: FieldNode, parent: GraphQLNamedType | undefined): Size {
    const field = parent && fieldOf(parent, node.name.value);
    const inner = this.of(node.selectionSet, field && getNamedType(field.type));
    return { depth: inner.depth + 1, cost: 1 + timesOf(node, field) * inner.cost };
  }

  /** A circle, which another rule refuses, counts once. */
  #ofFragment(name: string): Size {
    const known = this.#fragments.get(name);
    if (known) return known;
    this.#fragments.set(name, NOTHING);
    const fragment = this.context.getFragment(name);
    const size = this.of(fragment?.selectionSet, this.#typeNamed(fragment?.typeCondition.name.value));
    this.#fragments.set(name, size);
    return size;
  }

  #typeNamed(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.context.getSchema().getType(name);
  }
}

function fieldOf(type: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
  const meta = [SchemaMetaFieldDef, TypeMetaFieldDef].find((field) => field.name === name);
  return meta ?? (isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined);
}

/** How often what stands inside of a field is answered. Of a page, its own lists are the page. */
function timesOf(node: FieldNode, field: GraphQLField<unknown, unknown> | undefined): number {
  if (!field) return 1;
  const page = field.args.find(({ name }) => name === 'first' || name === 'last');
  if (page) return pageOf(node, page);
  const isPage = node.name.value === 'edges' || node.name.value === 'nodes';
  return isListType(getNullableType(field.type)) && !isPage ? LIST_ASSUMED : 1;
}

function pageOf({ arguments: given = [] }: FieldNode, { defaultValue }: GraphQLArgument): number {
  const sizes = given
    .filter(({ name }) => name.value === 'first' || name.value === 'last')
    .map(({ value }) => (value.kind === Kind.INT ? Number(value.value) : PAGE_MAX));
  if (sizes.length === 0) return typeof defaultValue === 'number' ? defaultValue : PAGE_MAX;
  return Math.max(1, ...sizes);
}
