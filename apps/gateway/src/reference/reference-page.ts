import {
  PAGE_PATH,
  type PageSettings,
  REDIRECT_PATH,
  pageHtml,
  pageScript,
  pageStyle,
  redirectHtml,
} from './page-files.js';
import { type PreparedAnswer, Representation, type Wishes } from './representation.js';
import { type SwaggerUi, swaggerUi } from './swagger-ui.js';

export interface ReferencePageOptions extends Pick<PageSettings, 'publicUrl' | 'clientId'> {
  /** The installed package, unless a test has one of its own. */
  readonly files?: SwaggerUi;
}

export interface ReferencePage {
  /** What stands at a path from `/docs` on; undefined when nothing does. */
  answer(path: string, wishes: Wishes): Promise<PreparedAnswer> | undefined;
}

/**
 * Everything comes from here and goes back here: no other host is asked for anything, whatever a contract's comments say.
 * Swagger UI writes styles into the page as it draws.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cache-control': 'no-cache', // asks each time, and is mostly told that nothing has changed
};
/** Their path has their version in it. */
const ASSET_HEADERS = { 'cache-control': 'public, max-age=31536000, immutable' };

const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

/** The reference of the API as a page on which it can be called. Reads its files now, and never again. */
export function createReferencePage({ publicUrl, clientId, files = swaggerUi() }: ReferencePageOptions): ReferencePage {
  const assets = `${PAGE_PATH}/${files.version}`;
  const settings: PageSettings = { publicUrl, clientId, assets };
  const own = (type: string, text: string): Representation =>
    new Representation(type, new TextEncoder().encode(text), PAGE_HEADERS);
  const asset = (name: string, type: string): [string, Representation] => [
    `${assets}/${name}`,
    new Representation(type, files.read(name), ASSET_HEADERS),
  ];
  const page = own(HTML, pageHtml(settings));
  const all = new Map<string, Representation>([
    [PAGE_PATH, page],
    [`${PAGE_PATH}/`, page],
    [`${PAGE_PATH}/page.js`, own(SCRIPT, pageScript(settings))],
    [`${PAGE_PATH}/page.css`, own(STYLE, pageStyle)],
    [REDIRECT_PATH, own(HTML, redirectHtml(settings))],
    asset('swagger-ui-bundle.js', SCRIPT),
    asset('swagger-ui.css', STYLE),
    asset('oauth2-redirect.js', SCRIPT),
    asset('favicon-32x32.png', 'image/png'),
  ]);
  return { answer: (path, wishes) => all.get(path)?.answer(wishes) };
}
