import type { MethodPolicy } from '@trellis/contracts';
import { type TokenVerifier, authorize, bearerToken } from '@trellis/security';

/**
 * The caller's token, verified and good for the method, to be handed on. Undefined for a public method, where no token is
 * looked at. Throws UNAUTHENTICATED, PERMISSION_DENIED, or UNAVAILABLE when there are no keys to verify with.
 */
export async function admit(
  authorization: string | undefined,
  policy: MethodPolicy,
  verifier: TokenVerifier,
): Promise<string | undefined> {
  if (policy.public) return undefined;
  const token = bearerToken(authorization);
  authorize(token === undefined ? undefined : await verifier.verify(token), policy);
  return token;
}
