import type { Logger } from '@trellis/telemetry';
import type { LoginThrottle } from './login-throttle.js';
import type { PasswordCheck } from './password-check.js';

/** Why nobody is logged in: what the person is told, with which HTTP status, and when to try again in seconds. */
export interface LoginProblem {
  readonly status: 400 | 401 | 429 | 503;
  readonly problem: string;
  readonly retryAfter?: number;
}

/** Tries a login from an address. Never throws; a wrong name and a wrong password cannot be told apart. */
export type Login = (
  address: string,
  username: string,
  password: string,
) => Promise<{ readonly accountId: string } | LoginProblem>;

export interface LoginOptions {
  readonly checkPassword: PasswordCheck;
  readonly throttle: LoginThrottle;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export function createLogin({ checkPassword, throttle, logger, now = Date.now }: LoginOptions): Login {
  return async (address, username, password) => {
    if (username === '' || password === '') return { status: 400, problem: 'Please enter your username and password.' };
    const wait = Math.ceil(throttle.attempt(address, username, now()) / 1000);
    if (wait > 0) {
      logger.warn({ address }, 'login slowed down');
      return { status: 429, problem: `Too many attempts. Please try again in ${wait} s.`, retryAfter: wait };
    }
    try {
      const accountId = await checkPassword(username, password);
      // The name stays out of the log: people type passwords there.
      if (accountId === undefined) {
        logger.info({ address }, 'login refused');
        return { status: 401, problem: 'Username or password is wrong.' };
      }
      throttle.succeeded(address, username);
      return { accountId };
    } catch (error) {
      logger.error({ err: error }, 'password could not be checked');
      return { status: 503, problem: 'Logging in does not work at the moment. Please try again soon.', retryAfter: 5 };
    }
  };
}
