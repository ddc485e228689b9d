import { createHash } from 'node:crypto';
import { Html, html } from './html.js';

const STYLE = `
:root { color-scheme: light dark; --line: #767676; --accent: #1a5fb4; --bad: #a51d2d; }
@media (prefers-color-scheme: dark) { :root { --line: #9a9996; --accent: #99c1f1; --bad: #ff9a9a; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; display: grid; min-height: 100vh; place-items: center; }
main { box-sizing: border-box; width: min(24rem, 100%); padding: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
label { display: block; margin-top: 1rem; font-weight: 600; }
input { box-sizing: border-box; width: 100%; padding: .6rem; font: inherit; border: 1px solid var(--line); border-radius: .4rem; }
button { padding: .6rem 1rem; font: inherit; border: 1px solid var(--line); border-radius: .4rem; background: none; color: inherit; cursor: pointer; }
button.main { background: var(--accent); border-color: var(--accent); color: Canvas; font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.actions { display: flex; gap: .75rem; margin-top: 1.5rem; }
.alert { margin: 1rem 0 0; padding: .6rem .8rem; border-left: 4px solid var(--bad); color: var(--bad); }
code { overflow-wrap: anywhere; }
`;

const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

// As a value of its own: a formatter that breaks the line would change the hash.
const style = new Html(`<style>${STYLE}</style>`);

/** A whole document. It works without JavaScript, and its policy allows none. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – Trellis</title>
        ${style}
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `.text;
}

/** The page's policy. `formTarget` is where a form leads after its redirects: browsers check those too. */
export function contentSecurityPolicy(formTarget?: string): string {
  const formAction = formTarget === undefined ? "'none'" : `'self' ${formTarget}`.trim();
  return `default-src 'none'; style-src ${STYLE_HASH}; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`;
}
