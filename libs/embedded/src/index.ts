export { DataDirectoryInUse } from './claim.ts';
export { lockDataDirectory, temporaryDataDirectory, type DataDirectory } from './data-directory.ts';
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresWish } from './embedded-postgres.ts';
export { freePort, isPortFree } from './free-port.ts';
export { PostgresFailed } from './postgres-server.ts';
