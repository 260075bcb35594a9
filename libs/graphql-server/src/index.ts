export { ConfiguredStandings } from './adapters/configured-standings.ts';
export { GraphModule, type GraphSurface } from './graphql.module.ts';
export { PAGE_MAX, queryLimits } from './limits/query-limits.ts';
export { Callers, Standings } from './request/caller.ts';
export type { GraphContext } from './request/graph-context.ts';
export { graphProblems } from './request/graph-problems.ts';
