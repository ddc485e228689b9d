import type { UserService } from '@trellis/contracts/user/v1';
import { Code, ServiceError } from '@trellis/errors';
import type { Client } from '@trellis/rpc';

/** Milliseconds. Below the gateway's 5,000, or the person would see its 504 instead of a page that says what to do. */
const TIMEOUT = 4000;

/** The account's id when the password is right, undefined when not. Throws ServiceError when nobody can say. */
export type PasswordCheck = (username: string, password: string) => Promise<string | undefined>;

/** Asks the user service, with a token of our own. */
export function passwordCheck(
  users: Pick<Client<typeof UserService>, 'verifyPassword'>,
  serviceToken: () => Promise<string>,
): PasswordCheck {
  return async (username, password) => {
    const options = { token: await serviceToken(), deadline: Date.now() + TIMEOUT };
    try {
      const { user } = await users.verifyPassword({ username, password }, options);
      return user?.id;
    } catch (error) {
      if (error instanceof ServiceError && isRefusal(error)) return undefined;
      throw error;
    }
  };
}

/** A name or password that cannot be is as wrong as any other. Reasons TOKEN_… are about our own token instead. */
function isRefusal({ code, reason }: ServiceError): boolean {
  return code === Code.INVALID_ARGUMENT || (code === Code.UNAUTHENTICATED && !reason?.startsWith('TOKEN_'));
}
