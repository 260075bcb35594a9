import { refuse } from '@countersign/http';
import { Kind, visit, type DocumentNode, type SelectionNode } from 'graphql';

/** Nobody asks for one field more often in one place, unless to be expensive. */
const REPEATS_MAX = 10;

/**
 * Refuses a query that repeats a field in one place. Repetitions merge into one, so the query's own cost is small; but
 * validation compares each with each, and 370 of them, which fit into the words of a query, take it a quarter of a
 * second. Asked before validation, therefore.
 *
 * @throws {ProblemAnswer} 400.
 */
export function assertNoRepetition(document: DocumentNode): void {
  visit(document, {
    SelectionSet({ selections }) {
      const counts = new Map<string, number>();
      for (const name of selections.map(nameOf)) counts.set(name, (counts.get(name) ?? 0) + 1);
      const [most = ''] = [...counts].find(([, count]) => count > REPEATS_MAX) ?? [];
      if (most)
        throw refuse(
          400,
          'graphql.too_costly',
          'Too costly',
          `the query repeats \`${most}\` in one place; once is enough`,
        );
    },
  });
}

function nameOf(selection: SelectionNode): string {
  switch (selection.kind) {
    case Kind.FIELD:
      return (selection.alias ?? selection.name).value;
    case Kind.FRAGMENT_SPREAD:
      return `...${selection.name.value}`;
    case Kind.INLINE_FRAGMENT:
      return '... on';
  }
}
