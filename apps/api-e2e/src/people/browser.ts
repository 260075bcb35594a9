import { HttpClient, type HttpAnswer } from '@countersign/harness';

/** Where the api says it is; the test's real port is another, which no page needs to know. */
export const PUBLIC_URL = 'http://localhost:4000';
export const CONSOLE_URL = 'http://localhost:3000';

interface Visit {
  readonly method?: string;
  readonly body?: unknown;
  /** A header of value null is left out. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** As much of a browser as signing in needs: cookies by host, an origin, and redirects when they are asked for. */
export class Browser {
  readonly #jars = new Map<string, Map<string, string>>();
  readonly #clients = new Map<string, HttpClient>();

  /** The proxy before the api says that it forwards for `address`. */
  constructor(
    readonly apiUrl: string,
    readonly address: string,
  ) {}

  get(path: string, headers: Visit['headers'] = {}): Promise<HttpAnswer> {
    return this.visit(this.#urlOf(path), { headers });
  }

  /** As a script of the console's pages would. */
  post(path: string, body: unknown = {}, headers: Visit['headers'] = {}): Promise<HttpAnswer> {
    return this.visit(this.#urlOf(path), { method: 'POST', body, headers });
  }

  delete(path: string): Promise<HttpAnswer> {
    return this.visit(this.#urlOf(path), { method: 'DELETE' });
  }

  async visit(url: URL, { method = 'GET', body, headers = {} }: Visit = {}): Promise<HttpAnswer> {
    const real = url.origin === PUBLIC_URL ? this.apiUrl : url.origin;
    const answer = await this.#clientOf(real).send({
      method,
      path: url.pathname + url.search,
      headers: present({ ...this.#headersOf(real, method), ...headers }),
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    keep(this.#jarOf(real), setCookiesOf(answer));
    return answer;
  }

  /** What a browser sends by itself, and the proxy adds. */
  #headersOf(origin: string, method: string) {
    const cookies = [...this.#jarOf(origin)].map(([name, value]) => `${name}=${value}`);
    return {
      'user-agent': 'Mozilla/5.0 (test)',
      ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
      ...(origin === this.apiUrl && { 'x-forwarded-for': this.address }),
      ...(origin === this.apiUrl && method !== 'GET' && { origin: CONSOLE_URL }),
    };
  }

  /** Goes where answers lead, up to the first that leads to `until` or nowhere. */
  async follow(
    url: URL,
    until: string,
    visit: Visit = {},
  ): Promise<{ readonly url: URL; readonly answer: HttpAnswer }> {
    let at = url;
    let answer = await this.visit(at, visit);
    for (let steps = 0; steps < 20; steps += 1) {
      const location = answer.headers['location'];
      if (typeof location !== 'string') return { url: at, answer };
      at = new URL(location, at);
      if (at.href.startsWith(until)) return { url: at, answer };
      answer = await this.visit(at);
    }
    throw new Error(`redirected for ever, last to ${at.href}`);
  }

  /** The cookie as a browser would send it; null when there is none. */
  cookie(name: string): string | null {
    return this.#jarOf(this.apiUrl).get(name) ?? null;
  }

  setCookie(name: string, value: string): void {
    this.#jarOf(this.apiUrl).set(name, value);
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  #urlOf(path: string): URL {
    return new URL(path, PUBLIC_URL);
  }

  #jarOf(origin: string): Map<string, string> {
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    return jar;
  }

  #clientOf(origin: string): HttpClient {
    const client = this.#clients.get(origin) ?? new HttpClient(origin, null, 8);
    this.#clients.set(origin, client);
    return client;
  }
}

export const setCookiesOf = ({ headers }: HttpAnswer): readonly string[] => {
  const cookies = headers['set-cookie'];
  return cookies === undefined || typeof cookies === 'string' ? [cookies ?? []].flat() : cookies;
};

const present = (headers: Readonly<Record<string, string | null>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter((each): each is [string, string] => each[1] !== null));

function keep(jar: Map<string, string>, cookies: readonly string[]): void {
  for (const cookie of cookies) {
    const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    if (attributes.some((attribute) => /^max-age=0$/i.test(attribute)) || value === '') jar.delete(name);
    else jar.set(name, value);
  }
}
