import { type Logger, currentTraceId } from '@trellis/telemetry';
import { type KoaContextWithOIDC, errors } from 'oidc-provider';
import { messagePage } from './pages/message-page.js';
import { contentSecurityPolicy } from './pages/page.js';

/** What an error answer tells, by RFC 6749, section 5.2. */
interface ErrorFields {
  readonly error: string;
  readonly error_description?: string;
}

/** Answers every request, whatever happens behind it, and tells no more than the client may know. */
export function answerErrors(logger: Logger) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) {
        answerError(ctx, 404, 'Nothing here', { error: 'not_found', error_description: 'There is no such page.' });
      }
    } catch (error) {
      if (error instanceof errors.OIDCProviderError && error.expose) {
        const description = error.error_description ?? error.message;
        answerError(ctx, error.status, 'This does not work', {
          error: error.error,
          error_description: `${description}. Please start again from the application that brought you here.`,
        });
      } else {
        logger.error({ err: error }, 'request failed');
        const status = error instanceof errors.OIDCProviderError ? error.status : 500;
        renderError(Object.assign(ctx, { status }), { error: 'server_error' });
      }
    }
    if (ctx.status === 503 && !ctx.response.get('Retry-After')) ctx.set('Retry-After', '1');
  };
}

/** oidc-provider's hook for browsers: it has chosen the status and what may be told. */
export function renderError(ctx: KoaContextWithOIDC, { error, error_description }: ErrorFields): void {
  const { status } = ctx;
  if (status < 500) {
    return answerError(ctx, status, 'This does not work', { error, ...(error_description && { error_description }) });
  }
  const text = 'The service failed. Please try again in a moment.';
  answerError(ctx, status, 'Something went wrong', { error, error_description: text });
}

/** As the client likes it: a page for a browser, JSON for a program. */
function answerError(ctx: KoaContextWithOIDC, status: number, title: string, fields: ErrorFields): void {
  ctx.status = status;
  if (ctx.accepts('json', 'html') !== 'html') {
    ctx.body = fields;
    return;
  }
  const trace = currentTraceId();
  ctx.set('Content-Security-Policy', contentSecurityPolicy());
  ctx.type = 'html';
  ctx.body = messagePage({
    title,
    text: fields.error_description ?? 'Please start again from the application that brought you here.',
    details: trace === undefined ? fields.error : `${fields.error} · ${trace}`,
  });
}
