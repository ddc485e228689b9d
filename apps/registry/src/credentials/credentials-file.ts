import { readFileSync, statSync } from 'node:fs';
import type { Logger } from '@trellis/telemetry';
import { Credentials, type Grant } from './credentials.js';

/** Looked at by its stat and not by inotify: a mounted secret is replaced through symbolic links. Milliseconds. */
const LOOK_INTERVAL = 1_000;

/** What a stream's credential allows at the moment. */
export interface HeldGrant {
  readonly grant: Grant;
  release(): void;
}

interface Holder {
  readonly authorization: string | undefined;
  readonly lost: (error: unknown) => void;
  grant: Grant;
}

/** The credentials that hold now: the file's, read again when it changes. A bad file is refused and the old one stays. */
export class CredentialsFile {
  readonly #path: string;
  readonly #logger: Logger;
  #credentials: Credentials;
  /** Of the file that was read last, taken before reading: a change in between is seen at the next look. */
  #stamp: string;
  #looking: NodeJS.Timeout | undefined;
  readonly #holders = new Set<Holder>();

  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
    this.#stamp = stampOf(path);
    this.#credentials = new Credentials(readFileSync(path, 'utf8'));
  }

  watch(): void {
    this.#looking ??= setInterval(() => this.#look(), LOOK_INTERVAL);
  }

  close(): void {
    clearInterval(this.#looking);
    this.#looking = undefined;
  }

  /**
   * What the credential allows for as long as a stream lasts. Throws UNAUTHENTICATED; `lost` is called with the same when
   * the credential is taken back later.
   */
  hold(authorization: string | undefined, lost: (error: unknown) => void): HeldGrant {
    const holder: Holder = { authorization, lost, grant: this.grantOf(authorization) };
    this.#holders.add(holder);
    return {
      get grant() {
        return holder.grant;
      },
      release: () => this.#holders.delete(holder),
    };
  }

  /** What the credential in an `authorization` value allows now. Throws UNAUTHENTICATED. */
  grantOf(authorization: string | undefined): Grant {
    return this.#credentials.grantOf(authorization);
  }

  #look(): void {
    const stamp = stampOf(this.#path);
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    try {
      this.#credentials = new Credentials(readFileSync(this.#path, 'utf8'));
      this.#logger.info({ file: this.#path }, 'credentials read again');
    } catch {
      // What is wrong is not logged: a parser's message may quote the file.
      this.#logger.error({ file: this.#path }, 'the credentials file cannot be used, the ones read before stay');
      return;
    }
    for (const holder of this.#holders) this.#ask(holder);
  }

  /** Whether the credential still allows what it did. */
  #ask(holder: Holder): void {
    try {
      holder.grant = this.grantOf(holder.authorization);
    } catch (error) {
      this.#holders.delete(holder);
      holder.lost(error);
    }
  }
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.mtimeMs} ${stat.size}` : 'missing';
}
