import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { BoundedWork } from './bounded-work.js';
import { type PhcHash, readPhc, writePhc } from './phc-string.js';

/** OWASP's minimum for Argon2id: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const COST = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/**
 * A hash takes one of libuv's four threads for some 30 ms: two leave the others to files and names. The last of a full
 * queue waits about a second, well within the usual deadline of five.
 */
const LIMITS = { concurrency: 2, queue: 64 };

const derive = promisify(argon2);

/** Argon2id. RESOURCE_EXHAUSTED when too many wait. */
export class PasswordHasher {
  readonly #work: BoundedWork;

  constructor(limits = LIMITS) {
    this.#work = new BoundedWork(limits);
  }

  /** As a PHC string. */
  async hash(password: string, signal: AbortSignal): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    return writePhc({ ...COST, salt, hash: await this.#derive(password, { ...COST, salt }, HASH_BYTES, signal) });
  }

  /** Without a stored hash (no such account) it costs the same and is false, so that time does not tell who has one. */
  async matches(password: string, stored: string | undefined, signal: AbortSignal): Promise<boolean> {
    if (stored === undefined) {
      await this.hash(password, signal);
      return false;
    }
    const expected = readPhc(stored);
    return timingSafeEqual(await this.#derive(password, expected, expected.hash.length, signal), expected.hash);
  }

  #derive(password: string, cost: Omit<PhcHash, 'hash'>, tagLength: number, signal: AbortSignal): Promise<Buffer> {
    const { salt, memory, passes, parallelism } = cost;
    const parameters = { message: password, nonce: salt, memory, passes, parallelism, tagLength };
    return this.#work.run(() => derive('argon2id', parameters), signal);
  }
}
