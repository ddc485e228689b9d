import { html } from './html.js';
import { page } from './page.js';

export interface ConsentPage {
  /** Where the form is sent. */
  readonly action: string;
  /** The application that asks. */
  readonly client: string;
  /** What it asks for. */
  readonly scopes: readonly string[];
}

export function consentPage({ action, client, scopes }: ConsentPage): string {
  const list = scopes.map((scope) => html`<li><code>${scope}</code></li>`);
  return page(
    'Allow access',
    html`<h1>Allow access?</h1>
      <p>${client} asks to act for you${scopes.length > 0 ? ' with:' : '.'}</p>
      ${
        scopes.length > 0
          ? html`<ul>
              ${list}
            </ul>`
          : undefined
      }
      <form method="post" action="${action}">
        <div class="actions">
          <button class="main" type="submit">Allow</button>
          <button type="submit" name="cancel" value="yes">Deny</button>
        </div>
      </form>`,
  );
}
