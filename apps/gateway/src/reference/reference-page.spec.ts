import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { createReferencePage } from './reference-page.js';
import type { PreparedAnswer } from './representation.js';

const page = createReferencePage({ publicUrl: 'https://api.example.com', clientId: 'trellis-docs' });
const textOf = ({ body }: PreparedAnswer): string => new TextDecoder().decode(body);

async function get(path: string): Promise<PreparedAnswer> {
  const answer = await page.answer(path, {});
  if (!answer) throw new Error(`nothing at ${path}`);
  return answer;
}

describe('the reference page', () => {
  it.each(['/docs', '/docs/', '/docs/oauth2-redirect.html'])('%s mentions nothing that is not there', async (path) => {
    const { status, contentType, ...page } = await get(path);
    expect([status, contentType]).toEqual([200, 'text/html; charset=utf-8']);
    const mentioned = [...textOf({ status, contentType, ...page }).matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, to]) => to,
    );
    expect(mentioned.length).toBeGreaterThan(0);
    for (const to of mentioned) if (to !== '/openapi.json') expect((await get(to ?? '')).status).toBe(200);
  });

  it('is allowed nothing from elsewhere, and no script but its own files', async () => {
    const { headers } = await get('/docs');
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy.match(/https?:|\*|unsafe-eval|script-src[^;]*unsafe/)).toBeNull();
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-cache',
    });
    expect(textOf(await get('/docs'))).not.toMatch(/<script>|\son\w+=|<style/);
  });

  it('has the files of others for good, under a path with their version', async () => {
    const [, assets] = /src="(\/docs\/[\d.]+)\/swagger-ui-bundle.js"/.exec(textOf(await get('/docs'))) ?? [];
    const { headers, contentType } = await get(`${assets}/swagger-ui-bundle.js`);
    expect([contentType, headers['cache-control']]).toEqual([
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
    ]);
    for (const name of ['package.json', '../package.json', 'swagger-ui-bundle.js.map', '']) {
      expect(page.answer(`${assets}/${name}`, {})).toBeUndefined();
    }
  });

  it.each(['/docs/nothing', '/docs/../docs', '/doc', '/docsx'])('is nothing at %s', (path) =>
    expect(page.answer(path, {})).toBeUndefined(),
  );
});

/** Runs the page's script where it thinks that it was opened there. */
async function opened(origin: string, clientId: string | undefined) {
  const script = await createReferencePage({ publicUrl: 'https://api.example.com', clientId }).answer(
    '/docs/page.js',
    {},
  );
  let settings: { url?: string; requestInterceptor?: (request: { url: string }) => { url: string } } & object = {};
  const logins: unknown[] = [];
  const bundle = Object.assign(
    (given: object) => {
      settings = given;
      return { initOAuth: (login: unknown) => logins.push(login) };
    },
    { presets: { apis: 'apis' } },
  );
  runInNewContext(script ? textOf(script) : '', {
    SwaggerUIBundle: bundle,
    URL,
    location: { origin, href: `${origin}/docs` },
    document: { addEventListener: () => undefined },
  });
  return { settings, logins, asked: (url: string) => settings.requestInterceptor?.({ url }).url };
}

describe('its script', () => {
  it('shows the document, asks no validator, and comes back from the login to where it was', async () => {
    const { settings, logins } = await opened('https://api.example.com', 'trellis-docs');
    expect(settings).toMatchObject({
      url: '/openapi.json',
      validatorUrl: null,
      oauth2RedirectUrl: 'https://api.example.com/docs/oauth2-redirect.html',
    });
    expect(logins).toEqual([{ clientId: 'trellis-docs', usePkceWithAuthorizationCodeGrant: true }]);
    expect((await opened('https://api.example.com', undefined)).logins).toEqual([]);
  });

  it('calls the address that it came from', async () => {
    const { asked } = await opened('http://localhost:9000', undefined);
    expect(asked('https://api.example.com/v1/posts?pageSize=1')).toBe('http://localhost:9000/v1/posts?pageSize=1');
    expect(asked('https://elsewhere.example/x')).toBe('https://elsewhere.example/x');
    expect(asked('/openapi.json')).toBe('/openapi.json');
  });

  it('cannot be left by what the settings say', async () => {
    const { logins } = await opened('https://api.example.com', "';alert(1)//</script>");
    expect(logins).toEqual([{ clientId: "';alert(1)//</script>", usePkceWithAuthorizationCodeGrant: true }]);
  });
});
