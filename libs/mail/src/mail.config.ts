import { z } from 'zod';

/** How mail leaves. Every app that sends some reads these together with its own settings. */
export const mailSettings = {
  // smtps://user:password@host:465, or smtp://host:587. Without it mails are printed to the log.
  SMTP_URL: z.url({ protocol: /^smtps?$/, message: 'set it to a URL that begins with smtp:// or smtps://' }).optional(),
  MAIL_FROM: z.string().min(3).default('Countersign <countersign@localhost>'),
} as const;

type Settings = z.infer<z.ZodObject<typeof mailSettings>>;

export interface MailConfig {
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
}

export const mailConfigOf = ({ SMTP_URL, MAIL_FROM }: Settings): MailConfig => ({
  smtpUrl: SMTP_URL,
  mailFrom: MAIL_FROM,
});
