export { openDatabase, type TestDatabase } from './open-database.ts';
export { hasRedis, openRedis, type TestRedis } from './open-redis.ts';
