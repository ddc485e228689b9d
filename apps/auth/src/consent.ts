import { type Grant, type KoaContextWithOIDC, type Provider, interactionPolicy } from 'oidc-provider';
import { personScopes } from './scopes.js';

/** Scopes of OpenID Connect itself, beside those of our contracts. */
const OPENID_SCOPES = ['openid', 'offline_access'];

/** oidc-provider's own policy, but that native applications of the first party need no consent either. */
export function consentPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  const native = policy.get('consent')?.checks.get('native_client_prompt');
  if (!native) throw new Error('oidc-provider has no check native_client_prompt');
  const { check } = native;
  native.check = (ctx) => !isFirstParty(ctx) && check(ctx);
  return policy;
}

/**
 * What the person has allowed the client. A client of the first party may have all that is a person's to give, without
 * being asked: what a token holds is still only what was requested.
 */
export async function firstPartyGrant(ctx: KoaContextWithOIDC, audience: string): Promise<Grant | undefined> {
  const { oidc } = ctx;
  const { client, account, session, provider } = oidc;
  if (!client || !account || !session) return undefined;
  const consent = oidc.result?.consent;
  const grantId = consent?.grantId ?? session.grantIdFor(client.clientId);
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  if (!isFirstParty(ctx)) return existing;
  const grant = existing ?? new provider.Grant({ clientId: client.clientId, accountId: account.accountId });
  grant.addOIDCScope(OPENID_SCOPES.join(' '));
  grant.addResourceScope(audience, personScopes().join(' '));
  await grant.save();
  return grant;
}

const isFirstParty = ({ oidc }: KoaContextWithOIDC): boolean => oidc.client?.['first_party'] === true;

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** What oidc-provider's checks of the prompt `consent` found missing. */
interface Missing {
  readonly missingOIDCScope?: readonly string[];
  readonly missingOIDCClaims?: readonly string[];
  readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>;
}

/** The scopes that the page asks for. */
export function missingScopes({ prompt }: Interaction): string[] {
  const { missingOIDCScope = [], missingResourceScopes = {} } = prompt.details as Missing;
  return [...missingOIDCScope, ...Object.values(missingResourceScopes).flat()];
}

/** Stores that the person allowed all that the page asked for; returns the grant's id. */
export async function giveConsent(provider: Provider, interaction: Interaction): Promise<string> {
  const { grantId, params, session, prompt } = interaction;
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant =
    existing ?? new provider.Grant({ accountId: session?.accountId, clientId: String(params['client_id']) });
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes = {} } = prompt.details as Missing;
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims) grant.addOIDCClaims([...missingOIDCClaims]);
  for (const [resource, scopes] of Object.entries(missingResourceScopes)) {
    grant.addResourceScope(resource, scopes.join(' '));
  }
  return await grant.save();
}
