import { type KoaContextWithOIDC, type Provider, errors } from 'oidc-provider';
import { consentPage } from './pages/consent-page.js';
import { loginPage } from './pages/login-page.js';
import { contentSecurityPolicy } from './pages/page.js';
import { giveConsent, missingScopes } from './consent.js';
import { readForm } from './form.http.js';
import type { Login } from './login.js';
import { interactionOf, interactionPath } from './routes.js';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/**
 * The pages on which a person logs in and consents. oidc-provider's interaction cookie, which is bound to the page's path,
 * HttpOnly and SameSite=Lax, says which authorization request a form belongs to: no other site can send one.
 */
export function interactionPages(provider: Provider, login: Login) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    const uid = interactionOf(ctx.path);
    if (uid === undefined || (ctx.method !== 'GET' && ctx.method !== 'POST')) return void (await next());
    const interaction = await provider.interactionDetails(ctx.req, ctx.res);
    if (interaction.uid !== uid) throw new errors.SessionNotFound('This page belongs to another request');
    if (ctx.method === 'GET') await show(ctx, provider, interaction);
    else await submit(ctx, provider, interaction, login);
  };
}

async function show(
  ctx: KoaContextWithOIDC,
  provider: Provider,
  interaction: Interaction,
  again: { username?: string; problem?: string } = {},
): Promise<void> {
  const { params, prompt, uid } = interaction;
  const clientId = String(params['client_id']);
  const client = (await provider.Client.find(clientId))?.clientName ?? clientId;
  const action = interactionPath(uid);
  ctx.set('Content-Security-Policy', contentSecurityPolicy(originOf(String(params['redirect_uri']))));
  ctx.type = 'html';
  ctx.body =
    prompt.name === 'login'
      ? loginPage({ action, client, ...again })
      : consentPage({ action, client, scopes: missingScopes(interaction) });
}

async function submit(
  ctx: KoaContextWithOIDC,
  provider: Provider,
  interaction: Interaction,
  login: Login,
): Promise<void> {
  const form = await readForm(ctx.req);
  const finish = async (result: Parameters<Provider['interactionResult']>[2], merge: boolean) => {
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: merge }));
    ctx.status = 303;
  };
  if (form.has('cancel')) {
    await finish({ error: 'access_denied', error_description: 'The person refused' }, false);
  } else if (interaction.prompt.name === 'login') {
    const username = form.get('username')?.trim() ?? '';
    const outcome = await login(ctx.ip, username, form.get('password') ?? '');
    if ('accountId' in outcome) return await finish({ login: { accountId: outcome.accountId, amr: ['pwd'] } }, false);
    ctx.status = outcome.status;
    if (outcome.retryAfter !== undefined) ctx.set('Retry-After', String(outcome.retryAfter));
    await show(ctx, provider, interaction, { username, problem: outcome.problem });
  } else {
    await finish({ consent: { grantId: await giveConsent(provider, interaction) } }, true);
  }
}

/** What a policy names of a redirect address: its origin, or its scheme where there is none. */
function originOf(uri: string): string | undefined {
  const url = URL.parse(uri);
  if (!url) return undefined;
  return url.origin === 'null' ? url.protocol : url.origin;
}
