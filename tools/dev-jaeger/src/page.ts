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

/** Gives each service of a page a colour, `c0` and so on, by the order in which they are asked for. */
export function serviceColours(): (service: string) => string {
  const seen = new Map<string, string>();
  return (service) => {
    const colour = seen.get(service) ?? `c${seen.size % COLOURS}`;
    seen.set(service, colour);
    return colour;
  };
}
