export { PrismaMailAddresses } from './adapters/prisma-mail-addresses.ts';
export { checkIdentitySettings, identityConfigOf, identitySettings, type IdentityConfig } from './identity.config.ts';
export { IdentityModule, openIdentity, type IdentityFoundations, type IdentityParts } from './identity.module.ts';
export { identityProblems } from './rest/identity-problems.ts';
export { RequestPerson } from './rest/signed-in.guard.ts';
