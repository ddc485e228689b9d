import { userToken } from '@trellis/cli';
import { randomBytes } from 'node:crypto';

/** Access tokens live for 15 minutes. */
const RENEW_MS = 5 * 60_000;

/** Somebody who was registered for the load, and stays logged in. */
export class Person {
  readonly #gatewayUrl: string;
  readonly #who: { readonly username: string; readonly password: string };
  #token = '';
  #renewal: NodeJS.Timeout | undefined;

  private constructor(gatewayUrl: string) {
    this.#gatewayUrl = gatewayUrl;
    this.#who = { username: `load-${randomBytes(6).toString('hex')}`, password: randomBytes(12).toString('hex') };
  }

  /** Registers somebody new, who is logged in. Throws when the platform will not. */
  static async register(gatewayUrl: string): Promise<Person> {
    const person = new Person(gatewayUrl);
    const response = await fetch(`${gatewayUrl}/v1/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...person.#who, email: `${person.#who.username}@example.org` }),
    });
    if (!response.ok)
      throw new Error(`Registering somebody is answered with ${response.status}: ${await response.text()}`);
    await person.#renew();
    person.#renewal = setInterval(() => void person.#renew().catch(() => undefined), RENEW_MS); // the old one lives on
    return person;
  }

  readonly token = (): string => this.#token;

  /** Through the login page, as any application. Rejects when it fails. */
  logIn(): Promise<string> {
    return userToken(this.#gatewayUrl, this.#who);
  }

  leave(): void {
    clearInterval(this.#renewal);
  }

  async #renew(): Promise<void> {
    this.#token = await this.logIn();
  }
}
