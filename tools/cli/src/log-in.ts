import { CookieJar } from 'tough-cookie';
import { Failure } from './failure.js';
import { send } from './fetch-json.js';

export interface LogIn {
  /** The authorization request. */
  readonly url: URL;
  /** Where the provider sends the browser in the end. Nothing needs to listen there. */
  readonly redirectUri: string;
  readonly username: string;
  readonly password: string;
}

/** Redirects in a row; a login needs three. */
const MAX_REDIRECTS = 10;

/** Does what a person does in a browser: opens the login page and sends its form. Returns the callback it leads to. */
export async function logIn({ url, redirectUri, username, password }: LogIn): Promise<URL> {
  const browser = new Browser(redirectUri);
  const opened = await browser.open(url);
  if (opened.isCallback) return opened.url; // refused without a page
  const form = new URLSearchParams({ username, password });
  const end = await browser.open(opened.url, { method: 'POST', body: form });
  if (!end.isCallback) throw new Failure('The login asks for something more: log in with a browser once');
  return end.url;
}

interface Place {
  readonly url: URL;
  /** Whether it is the address at which the application is called back, or else a page. */
  readonly isCallback: boolean;
}

/** Cookies and redirects, within the origin of the first address: the password goes nowhere else. */
class Browser {
  readonly #cookies = new CookieJar();

  constructor(private readonly redirectUri: string) {}

  async open(url: URL, init: RequestInit = {}, redirects = MAX_REDIRECTS): Promise<Place> {
    const headers = { accept: 'text/html', cookie: await this.#cookies.getCookieString(url.href) };
    const response = await send(url, { ...init, headers });
    for (const cookie of response.headers.getSetCookie()) await this.#cookies.setCookie(cookie, url.href);
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (location === null) return response.ok ? { url, isCallback: false } : refuse(response);
    const target = new URL(location, url);
    if (target.href.startsWith(this.redirectUri)) return { url: target, isCallback: true };
    if (target.origin !== url.origin || redirects === 0)
      throw new Failure(`The login leads astray, to ${target.origin}`);
    return await this.open(target, {}, redirects - 1);
  }
}

function refuse({ status, headers }: Response): never {
  if (status === 401) throw new Failure('Username or password is wrong');
  const retryAfter = headers.get('retry-after');
  const when = retryAfter === null ? '' : `: try again in ${retryAfter} s`;
  throw new Failure(status === 429 ? `Too many attempts${when}` : `The login page answered ${status}${when}`);
}
