import { type JWTPayload, errors } from 'jose';

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

/** Claim that only the issuer itself sets, in the tokens that it makes for this platform's services. */
const SERVICE_CLAIM = 'trellis_service';

/**
 * What the claims of a verified token say. RFC 9068, section 2.2: `sub` is the person, or the client itself when no
 * person takes part. Throws jose's JWTClaimValidationFailed when the claims do not tell who it is.
 */
export function callerOf(claims: JWTPayload, token: string): Caller {
  const { sub, exp } = claims;
  const clientId = claims['client_id'];
  const service = claims[SERVICE_CLAIM];
  const scope = claims['scope'];
  if (sub === undefined || sub === '' || exp === undefined) throw unclear(claims, 'sub');
  const scopes = new Set(typeof scope === 'string' ? scope.split(' ').filter((name) => name !== '') : []);
  const base = { subject: sub, scopes, token, expiresAt: exp * 1000 };
  if (service !== undefined) {
    if (typeof service !== 'string' || service === '') throw unclear(claims, SERVICE_CLAIM);
    return { kind: 'service', ...base, service };
  }
  if (typeof clientId !== 'string' || clientId === '') throw unclear(claims, 'client_id');
  return clientId === sub ? { kind: 'client', ...base, clientId } : { kind: 'user', ...base, userId: sub, clientId };
}

const unclear = (claims: JWTPayload, claim: string) =>
  new errors.JWTClaimValidationFailed(`"${claim}" does not say who is calling`, claims, claim, 'invalid');
