import path from 'node:path';
import { InvitationMails, People, PersonalTokens, SignIns } from '@countersign/identity/people';
import { keptSecret } from '@countersign/kept-secrets';
import { LogMailer, Mailer, SmtpMailer } from '@countersign/mail';
import type { IdentityDatabase } from '@countersign/prisma';
import { Logger, Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { Authentication } from './adapters/authentication.ts';
import { LibrarySignIns } from './adapters/library-sign-ins.ts';
import { PostgresAttempts } from './adapters/postgres-attempts.ts';
import { PrismaPeople } from './adapters/prisma-people.ts';
import { PrismaPersonalTokens } from './adapters/prisma-personal-tokens.ts';
import { PrismaSessions } from './adapters/prisma-sessions.ts';
import { AuthMails } from './application/auth-mails.ts';
import { InvitationLetters } from './application/invitation-letters.ts';
import { Sessions } from './application/sessions.ts';
import { SignInGate } from './application/sign-in-gate.ts';
import { accountOfUser, SignInThrottle } from './application/sign-in-throttle.ts';
import { UsedCodes } from './application/used-codes.ts';
import type { IdentityConfig } from './identity.config.ts';
import { AuthController } from './rest/auth.controller.ts';
import { OwnSites } from './rest/own-sites.ts';
import { PeopleController } from './rest/people.controller.ts';
import { PersonalTokensController } from './rest/personal-tokens.controller.ts';
import { SessionsController } from './rest/sessions.controller.ts';
import { RequestPerson, SessionGuard, SignedInGuard } from './rest/signed-in.guard.ts';

/** What an app hands to signing in. */
export interface IdentityFoundations {
  readonly database: IdentityDatabase;
  readonly config: IdentityConfig;
  /** Where a secret is kept when the settings have none. */
  readonly dataDirectory: string;
  /** Modules that export `RefusedAgentKeys`. */
  readonly imports: NonNullable<ModuleMetadata['imports']>;
}

/** What stands when the api begins to listen: the module, and the ports over it that other parts are made with. */
export interface IdentityParts {
  readonly module: DynamicModule;
  readonly people: People;
  readonly signIns: SignIns;
  readonly mailer: Mailer;
}

/** Who someone is, over HTTP: `/api/auth/*`, `/api/me`, `/api/sessions`, `/api/tokens`. */
@Module({})
export class IdentityModule {}

export async function openIdentity(foundations: IdentityFoundations): Promise<IdentityParts> {
  const { database, config, dataDirectory, imports } = foundations;
  const log = new Logger('people');
  const secret = config.secret ?? (await keptSecret(path.join(dataDirectory, 'auth-secret')));
  const mailer = mailerOf(config, log);
  const attempts = new PostgresAttempts(database);
  const throttle = new SignInThrottle(attempts, config);
  const usedCodes = new UsedCodes(attempts);
  const authentication = new Authentication({
    database,
    config,
    secret,
    mails: new AuthMails(mailer, config),
    afterReset: (user) => unlock(database, throttle, user),
    isFirstUse: (userId, code) => usedCodes.isFirstUse(userId, code),
    inBackground: (work) => void work.catch((error: unknown) => log.error(`a mail was not sent: ${String(error)}`)),
    log: (level, line) => log[level](line),
  });
  const tokens = new PrismaPersonalTokens(database);
  const signIns = new LibrarySignIns(authentication, tokens);
  const people = new PrismaPeople(database, authentication);
  const providers: Provider[] = [
    { provide: People, useValue: people },
    { provide: SignIns, useValue: signIns },
    { provide: PersonalTokens, useValue: tokens },
    { provide: Mailer, useValue: mailer },
    { provide: InvitationMails, useValue: new InvitationLetters(mailer, config.consoleUrl) },
    { provide: Sessions, useValue: new PrismaSessions(database) },
    { provide: OwnSites, useValue: new OwnSites(config) },
    { provide: SignInGate, useValue: new SignInGate(authentication, throttle, signIns, config.publicUrl) },
  ];
  return { module: moduleOf(providers, imports), people, signIns, mailer };
}

/** A reset ends what else could let somebody in (links that were sent, second steps that wait, trusted devices) and locks. */
async function unlock(
  database: IdentityDatabase,
  throttle: SignInThrottle,
  { id, email }: { readonly id: string; readonly email: string },
): Promise<void> {
  await database.verification.deleteMany({ where: { value: id } });
  await Promise.all([throttle.forget(email), throttle.forget(accountOfUser(id))]);
}

const moduleOf = (providers: Provider[], imports: IdentityFoundations['imports']): DynamicModule => ({
  module: IdentityModule,
  imports,
  controllers: [AuthController, PeopleController, PersonalTokensController, SessionsController],
  providers: [...providers, RequestPerson, SignedInGuard, SessionGuard],
  exports: [InvitationMails, People, SignIns, PersonalTokens, Mailer, RequestPerson],
});

const mailerOf = ({ smtpUrl, mailFrom }: IdentityConfig, log: Logger): Mailer =>
  smtpUrl ? new SmtpMailer(smtpUrl, mailFrom) : new LogMailer((line) => log.warn(line));
