import type { Metadata } from '@grpc/grpc-js';
import type { MethodPolicy } from '@trellis/contracts';
import { type Caller, type TokenVerifier, bearerToken } from '@trellis/security';

/**
 * Who calls, as the token says. It is verified here again although the gateway has done so: nothing between the two is
 * trusted. Undefined without a token, and for a public method, where a token neither helps nor harms.
 */
export async function authenticate(
  metadata: Metadata,
  policy: MethodPolicy,
  verifier: TokenVerifier | undefined,
): Promise<Caller | undefined> {
  if (policy.public || verifier === undefined) return undefined;
  const token = bearerToken(metadata.get('authorization')[0]?.toString());
  return token === undefined ? undefined : verifier.verify(token);
}
