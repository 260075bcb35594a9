export { openIdentityDatabase, type IdentityDatabase } from './identity-database.ts';
