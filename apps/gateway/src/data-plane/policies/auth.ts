import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { MethodPolicy } from '@trellis/contracts';
import { type Caller, type TokenVerifier, authorize, bearerToken } from '@trellis/security';
import { z } from 'zod';
import type { Exchange } from '../exchange.js';
import type { Policy } from './policy.js';

const settings = z
  .strictObject({
    scopes: z.array(z.string().min(1)).default([]).describe("Scopes that the token must hold, besides the contract's."),
  })
  .describe('Verifies the access token. Without it the contract alone says who may call.');

/**
 * Verifies the caller's access token and its scopes. A contract says what its methods need, and the file may ask for more,
 * never for less. Where there is no contract, only the file asks; what it does not ask for, the service decides.
 */
export const auth: Policy<z.output<typeof settings>> = {
  name: 'auth',
  settings,
  prepare(given, { access }, { verifier }) {
    const needed = needs(access, given?.scopes);
    if (!needed) return undefined;
    return {
      request: (exchange) => demand(exchange, needed, verifier),
    };
  },
};

/** Refuses with 401 or 403 whom the policy does not let in. At once when the token is known. */
export function demand(exchange: Exchange, needed: MethodPolicy, verifier: TokenVerifier): void | Promise<void> {
  const token = tokenOf(exchange.request);
  const caller = token === undefined ? undefined : verifier.verify(token);
  if (caller instanceof Promise) return caller.then((verified) => admit(exchange, verified, needed));
  admit(exchange, caller, needed);
}

interface Shown {
  readonly authorization: string | undefined;
  readonly token: string | undefined;
}

/** What each connection showed last. */
const shown = new WeakMap<Socket, Shown>();

/**
 * The token of a request. A client commonly shows one for as long as it has it: the very same string is then found among
 * verified tokens without being read, hashed and compared once more.
 */
function tokenOf({ headers: { authorization }, socket }: IncomingMessage): string | undefined {
  const last = shown.get(socket);
  if (last?.authorization === authorization) return last?.token;
  const token = bearerToken(authorization);
  shown.set(socket, { authorization, token });
  return token;
}

function admit(exchange: Exchange, caller: Caller | undefined, needed: MethodPolicy): void {
  authorize(caller, needed);
  exchange.caller = caller;
}

function needs(access: MethodPolicy | undefined, scopes: readonly string[] | undefined): MethodPolicy | undefined {
  if (scopes === undefined) return access?.public === false ? access : undefined;
  return {
    public: false,
    scopes: [...new Set([...(access?.scopes ?? []), ...scopes])],
    callers: access?.callers ?? [],
    repeatable: access?.repeatable ?? false,
  };
}
