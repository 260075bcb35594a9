import { startSystem, type Api, type HttpAnswer, type System } from '@countersign/harness';
import { expect } from 'vitest';
import { Browser, CONSOLE_URL, PUBLIC_URL } from './browser.ts';
import { linkIn, openMailbox, type Mailbox } from './mailbox.ts';

export const SESSION = 'countersign.session_token';
export const PASSWORD = 'correct horse battery staple';

/** An api where anybody may sign up, behind a proxy that says whom it forwards, with a mail server. */
export interface PeopleSystem {
  readonly system: System;
  readonly api: Api;
  readonly mailbox: Mailbox;
  /** What the api was set to, for one more that differs in a setting. */
  readonly env: Readonly<Record<string, string>>;
  /** A browser at an address of its own, so that what one test tries is not counted for another. */
  browser(address?: string): Browser;
  /** Somebody with a confirmed address and the password above; not signed in. */
  person(name: string): Promise<string>;
  signIn(email: string, browser?: Browser): Promise<Browser>;
  stop(): Promise<void>;
}

let addresses = 0;
/** Of TEST-NET-3 and its neighbours: nobody's. */
export const newAddress = () => {
  addresses += 1;
  return `203.0.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}`;
};

export async function startPeople(more: Readonly<Record<string, string>> = {}): Promise<PeopleSystem> {
  const mailbox = await openMailbox();
  const proxied = { SMTP_URL: mailbox.url, TRUSTED_PROXIES: '127.0.0.1' };
  const env = { PUBLIC_URL, CONSOLE_URL, SIGN_UP: 'open', ...proxied, ...more };
  const system = await startSystem({ api: { env } });
  const [api] = system.apis;
  if (!api) throw new Error('no api was started');
  const browsers: Browser[] = [];
  const browser = (address = newAddress()) => {
    const opened = new Browser(api.url, address);
    browsers.push(opened);
    return opened;
  };
  const person = async (name: string) => {
    const email = `${name}-${crypto.randomUUID().slice(0, 8)}@example.com`;
    const own = browser();
    const answer = await own.post('/api/auth/sign-up/email', { name, email, password: PASSWORD });
    expect(answer.status, answer.text).toBe(200);
    const link = linkIn(await mailbox.next(email));
    expect((await own.visit(link)).headers['location']).toBe(`${CONSOLE_URL}/sign-in`);
    return email;
  };
  const signIn = async (email: string, own = browser()) => {
    const answer = await own.post('/api/auth/sign-in/email', { email, password: PASSWORD });
    expect(answer.status, answer.text).toBe(200);
    return own;
  };
  const stop = async () => {
    for (const each of browsers) each.close();
    await system.stop();
    await mailbox.close();
  };
  return { system, api, mailbox, env, browser, person, signIn, stop };
}

export const codeOf = ({ body }: HttpAnswer) => (body as { code?: string }).code;

export const isSignedIn = async (browser: Browser) => (await browser.get('/api/me')).status === 200;
