/** Who is calling, as a verified access token says. */
export interface Caller {
  /** A person through some client, a client on its own behalf, or a service of this platform on its own behalf. */
  readonly kind: 'user' | 'client' | 'service';
  /** `sub` of the token. */
  readonly subject: string;
  /** Id of the account; of a user only. */
  readonly userId?: string;
  /** The OAuth client that the token was given to. */
  readonly clientId?: string;
  /** Name of the service; of a service only. */
  readonly service?: string;
  readonly scopes: ReadonlySet<string>;
  /** The token itself, to hand on. A secret: never log it. */
  readonly token: string;
  /** `exp` of the token in epoch milliseconds. */
  readonly expiresAt: number;
}
