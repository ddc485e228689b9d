import type { MethodPolicy } from '@trellis/contracts';
import { permissionDenied, unauthenticated } from '@trellis/errors';
import type { Caller } from './caller.js';

/**
 * Whether the caller may call a method with this policy. Throws ServiceError: UNAUTHENTICATED with reason TOKEN_MISSING,
 * PERMISSION_DENIED with reason SCOPE_MISSING (metadata `scope`) or CALLER_NOT_ALLOWED.
 */
export function authorize(caller: Caller | undefined, policy: MethodPolicy): void {
  if (policy.public) return;
  if (caller === undefined) throw unauthenticated('This needs an access token', { reason: 'TOKEN_MISSING' });
  if (policy.callers.length > 0 && (caller.service === undefined || !policy.callers.includes(caller.service))) {
    throw permissionDenied('Only other services may call this', { reason: 'CALLER_NOT_ALLOWED' });
  }
  const missing = policy.scopes.filter((scope) => !caller.scopes.has(scope));
  if (missing.length > 0) {
    const scope = missing.join(' ');
    throw permissionDenied(`The access token lacks the scope ${scope}`, {
      reason: 'SCOPE_MISSING',
      metadata: { scope },
    });
  }
}
