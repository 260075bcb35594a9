import { z } from 'zod';

const CONSOLE_PORT = 3000;

/** How notices go out, beside mail. */
export const noticeSettings = {
  // Where links in mails lead.
  CONSOLE_URL: z.url({ protocol: /^https?$/, message: 'set it to a URL that begins with https://' }).optional(),
  CONSOLE_PORT: z.coerce.number().int().min(0).max(65_535).default(CONSOLE_PORT),
  // `allow` lets webhooks reach this machine and its networks. Whoever manages an organization could then make the
  // worker call what only it can reach.
  WEBHOOK_PRIVATE_ADDRESSES: z.enum(['refuse', 'allow']).default('refuse'),
  // How long one webhook may take, from its name to its answer.
  WEBHOOK_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(30).default(10),
} as const;

type Settings = z.infer<z.ZodObject<typeof noticeSettings>>;

export interface NoticeConfig {
  readonly consoleUrl: string;
  readonly isPrivateAllowed: boolean;
  readonly timeoutMs: number;
}

export const noticeConfigOf = (env: Settings): NoticeConfig => ({
  consoleUrl: new URL(env.CONSOLE_URL ?? `http://localhost:${env.CONSOLE_PORT}`).origin,
  isPrivateAllowed: env.WEBHOOK_PRIVATE_ADDRESSES === 'allow',
  timeoutMs: env.WEBHOOK_TIMEOUT_SECONDS * 1_000,
});
