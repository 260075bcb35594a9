import type { OperationRight, Right, Target } from '@countersign/identity';
import type { OrganizationId } from '@countersign/kernel';
import { Extensions } from '@nestjs/graphql';
import type { GraphContext } from '../request/graph-context.ts';

/** One call of a field: whatever its target can be told from. */
export interface FieldCall<Parent = never, Args = never> {
  readonly parent: Parent;
  readonly args: Args;
  readonly context: GraphContext;
}

/** What a field asks of whoever reads or calls it. There is no field that says nothing. */
export type Asked<Parent = never, Args = never> =
  | {
      readonly right: Right;
      /** What it is about; null when that does not exist, which nobody can tell from what is not theirs. */
      readonly on: (call: FieldCall<Parent, Args>) => Target | null | Promise<Target | null>;
    }
  /** Of a field behind one that asked for membership: it answers less, or null, where the right does not reach. */
  | { readonly right: Right; readonly narrows: string }
  | { readonly right: null; readonly of: 'anybody' | 'signed-in'; readonly why: string }
  | { readonly right: null; readonly of: 'members'; readonly in: InOrganization<Parent, Args>; readonly why: string }
  /** A command: its right is judged under the lock, with the name its context's registry gives it. */
  | { readonly command: string; readonly asks: OperationRight; readonly in: InOrganization<Parent, Args> };

/** The organization that a call is about; null for what is no id of one. */
export type InOrganization<Parent = never, Args = never> = (call: FieldCall<Parent, Args>) => OrganizationId | null;

const ASKS = 'asks';

/**
 * Names the right of a query, mutation, subscription or field; on a type, that of all of its fields that name none.
 * `demandRights` makes the schema hold to it, and refuses a schema in which a field has none.
 */
export const Asks = <Parent, Args>(asked: Asked<Parent, Args>) => Extensions({ [ASKS]: asked });

export const askedOf = ({ extensions }: { readonly extensions: unknown }): Asked | null =>
  (extensions as { readonly [ASKS]?: Asked } | undefined)?.[ASKS] ?? null;
