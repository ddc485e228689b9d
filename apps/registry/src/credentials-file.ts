import { type StatsListener, readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Logger } from '@trellis/telemetry';
import { Credentials, type Grant } from './credentials.js';

/** Looked at by its stat and not by inotify: a mounted secret is replaced through symbolic links. Milliseconds. */
const LOOK_INTERVAL = 1_000;

/** The credentials that hold now: the file's, read again when it changes. A bad file is refused and the old one stays. */
export class CredentialsFile {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #changed: StatsListener = () => this.#readAgain();
  #credentials: Credentials;

  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
    this.#credentials = new Credentials(readFileSync(path, 'utf8'));
  }

  watch(): void {
    watchFile(this.#path, { interval: LOOK_INTERVAL }, this.#changed);
  }

  close(): void {
    unwatchFile(this.#path, this.#changed);
  }

  /** What the credential in an `authorization` value allows now. Throws UNAUTHENTICATED. */
  grantOf(authorization: string | undefined): Grant {
    return this.#credentials.grantOf(authorization);
  }

  #readAgain(): void {
    try {
      this.#credentials = new Credentials(readFileSync(this.#path, 'utf8'));
      this.#logger.info({ file: this.#path }, 'credentials read again');
    } catch {
      // What is wrong is not logged: a parser's message may quote the file.
      this.#logger.error({ file: this.#path }, 'the credentials file cannot be used, the ones read before stay');
    }
  }
}
