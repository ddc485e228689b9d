import { html } from './html.js';
import { page } from './page.js';

export interface MessagePage {
  readonly title: string;
  readonly text: string;
  /** For those who look into it: the error's code and the trace id. */
  readonly details?: string;
}

export function messagePage({ title, text, details }: MessagePage): string {
  return page(
    title,
    html`<h1>${title}</h1>
      <p>${text}</p>
      ${details === undefined ? undefined : html`<p><code>${details}</code></p>`}`,
  );
}
