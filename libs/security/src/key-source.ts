import { type JWTVerifyGetKey, createRemoteJWKSet, customFetch, errors } from 'jose';

/** A token waits this long for keys that must be fetched first. */
const FETCH_TIMEOUT_MS = 2_000;
/** A token with an unknown key id causes at most one fetch in this time, or forged tokens could flood the issuer. */
const UNKNOWN_KEY_COOLDOWN_MS = 5_000;
/** After a failed fetch nobody tries again for this long. */
const FAILURE_COOLDOWN_MS = 500;
/** A key that the issuer withdrew is forgotten after this time, or at the next token signed with a new one. */
const REFRESH_MS = 300_000;

/**
 * The issuer's public keys, fetched on first use and again for an unknown key id. Refreshed in the background, so that
 * keys once fetched go on verifying while the issuer is away.
 */
export function keySource(jwksUrl: string, now: () => number): JWTVerifyGetKey {
  let failure: { readonly error: unknown; readonly until: number } | undefined;
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cooldownDuration: UNKNOWN_KEY_COOLDOWN_MS,
    cacheMaxAge: Number.MAX_SAFE_INTEGER, // jose would refuse tokens instead of using keys past this age
    [customFetch]: async (url, options) => {
      if (failure && now() < failure.until) throw failure.error;
      try {
        const response = await fetch(url, options);
        if (!response.ok) throw new Error(`The issuer answered with status ${response.status}`);
        failure = undefined;
        return response;
      } catch (error) {
        failure = { error, until: now() + FAILURE_COOLDOWN_MS };
        throw error;
      }
    },
  });
  let refreshAt = now() + REFRESH_MS;
  return (header, token) => {
    if (now() >= refreshAt) {
      refreshAt = now() + REFRESH_MS;
      void keys.reload().catch(() => undefined); // the keys of before go on verifying
    }
    return keys(header, token);
  };
}

/** Whether verification failed for want of keys, which says nothing about the token. */
export function isKeyFailure(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true; // the network's, or the issuer's status
  return (
    error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === errors.JOSEError.code // jose's word for an answer that is not JSON
  );
}
