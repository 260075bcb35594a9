export { LogMailer } from './log-mailer.ts';
export { mailConfigOf, mailSettings, type MailConfig } from './mail.config.ts';
export { Mailer, type Mail } from './mailer.ts';
export { SmtpMailer } from './smtp-mailer.ts';
