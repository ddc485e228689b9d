import { html } from './html.js';
import { page } from './page.js';

export interface LoginPage {
  /** Where the form is sent. */
  readonly action: string;
  /** The application that asked for the login. */
  readonly client: string;
  /** What was typed before. The password is never shown again. */
  readonly username?: string;
  /** Why the last attempt did not work. */
  readonly problem?: string;
}

export function loginPage({ action, client, username, problem }: LoginPage): string {
  const alert = problem === undefined ? undefined : html`<p class="alert" role="alert" id="problem">${problem}</p>`;
  const described = alert && html` aria-describedby="problem"`;
  return page(
    problem === undefined ? 'Log in' : 'Not logged in',
    html`<h1>Log in</h1>
      <p>to continue to ${client}</p>
      ${alert}
      <form method="post" action="${action}">
        <label for="username">Username</label>
        <input
          id="username"
          name="username"
          value="${username}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          maxlength="32"
          required${described}${username ? undefined : html` autofocus`}
        />
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          maxlength="256"
          required${described}${username ? html` autofocus` : undefined}
        />
        <div class="actions">
          <button class="main" type="submit">Log in</button>
          <button type="submit" name="cancel" value="yes" formnovalidate>Cancel</button>
        </div>
      </form>`,
  );
}
