export { byteaArray, jsonArray, plainArray, textArray } from './array-literal.ts';
export { assertAppRole, UnsafeDatabase } from './app-role.ts';
export { createPools, type Pools, type PoolSizes } from './pools.ts';
export { inTenant } from './tenant.ts';
export {
  connectPostgres,
  safeInteger,
  type ConnectionLimits,
  type Queryable,
  type Sql,
  type Transaction,
} from './connection.ts';
export { ConnectionLost } from './connection-lost.ts';
export { inPipelinedTransaction, settled, type PipelinedTransaction } from './pipeline.ts';
