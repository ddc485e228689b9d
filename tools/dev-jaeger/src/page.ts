import { type Html, html } from './html.js';

export const STYLES = ['page.css', 'search.css', 'trace.css'] as const;

/** A whole page around its content. */
export function page(title: string, content: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        ${STYLES.map((name) => html`<link rel="stylesheet" href="/assets/${name}" />`)}
      </head>
      <body>
        <header class="top">
          <a class="home" href="/"><img src="/assets/icon.svg" alt="" width="22" height="22" />Traces</a>
          <form class="lookup" action="/trace" role="search">
            <label for="id">Trace ID</label>
            <input
              id="id"
              name="id"
              required
              pattern="[0-9a-fA-F]{1,32}"
              placeholder="32 hex digits"
              spellcheck="false"
            />
            <button>Open</button>
          </form>
        </header>
        <main>${content}</main>
      </body>
    </html>`.text;
}

/** A page that says in one line what is wrong. */
export const problemPage = (title: string, message: string): string =>
  page(
    title,
    html`<h1>${title}</h1>
      <p class="empty">${message}</p>
      <p><a href="/">All traces</a></p>`,
  );

/** As many colours as the style sheet tells apart; later services begin again. */
const COLOURS = 8;

/**
 * Gives each service a colour, `c0` and so on, by its name: it is the same on every page. Of two on one page that would share
 * one, the later takes the next that is free.
 */
export function serviceColours(): (service: string) => string {
  const seen = new Map<string, number>();
  return (service) => {
    let colour = seen.get(service) ?? hash(service) % COLOURS;
    const free = seen.size < COLOURS && !seen.has(service);
    while (free && [...seen.values()].includes(colour)) colour = (colour + 1) % COLOURS;
    seen.set(service, colour);
    return `c${colour}`;
  };
}

const hash = (text: string): number =>
  [...text].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0, 0);
