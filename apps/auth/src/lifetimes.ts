const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** How long what the provider issues is good for, in seconds, by oidc-provider's names. */
export const lifetimes = {
  /** Cannot be revoked, so it is short. */
  AccessToken: 15 * MINUTE,
  ClientCredentials: 15 * MINUTE,
  /** At most 10 minutes by RFC 6749, section 4.1.2; a client redeems it at once. */
  AuthorizationCode: MINUTE,
  IdToken: 15 * MINUTE,
  /** From the login page until its form comes back. */
  Interaction: 30 * MINUTE,
  Session: DAY,
  /** Each use rotates it. */
  RefreshToken: 14 * DAY,
  /** Not shorter than what hangs on it. */
  Grant: 14 * DAY,
} as const;
