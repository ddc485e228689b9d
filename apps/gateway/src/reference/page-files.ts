/** Where the page stands, and what it is about. */
export const PAGE_PATH = '/docs';
export const DOCUMENT_PATH = '/openapi.json';
/** Where the provider sends the browser back to, in the window that it logged in. */
export const REDIRECT_PATH = `${PAGE_PATH}/oauth2-redirect.html`;

export interface PageSettings {
  /** The gateway's public address. */
  readonly publicUrl: string;
  /** The OAuth client for which people log in on the page; undefined when there is none: then a token can be pasted. */
  readonly clientId: string | undefined;
  /** Below which path the files of Swagger UI are. */
  readonly assets: string;
}

export const pageHtml = ({ assets }: PageSettings): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API reference</title>
<link rel="icon" type="image/png" sizes="32x32" href="${assets}/favicon-32x32.png">
<link rel="stylesheet" href="${assets}/swagger-ui.css">
<link rel="stylesheet" href="${PAGE_PATH}/page.css">
</head>
<body>
<div id="reference"></div>
<noscript>This page needs JavaScript. What it shows is at <a href="${DOCUMENT_PATH}">${DOCUMENT_PATH}</a>.</noscript>
<script src="${assets}/swagger-ui-bundle.js"></script>
<script src="${PAGE_PATH}/page.js"></script>
</body>
</html>
`;

export const redirectHtml = ({ assets }: PageSettings): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Logged in</title></head>
<body><script src="${assets}/oauth2-redirect.js"></script></body>
</html>
`;

/**
 * Calls go to where the page came from, which may be another address than the public one (a port that is forwarded, say):
 * the policy of the page allows no other, and no other would have to allow the page.
 */
export const pageScript = ({ publicUrl, clientId }: PageSettings): string => `'use strict';
const publicOrigin = ${JSON.stringify(new URL(publicUrl).origin)};
const clientId = ${JSON.stringify(clientId ?? null)};
const ui = SwaggerUIBundle({
  url: ${JSON.stringify(DOCUMENT_PATH)},
  dom_id: '#reference',
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
  validatorUrl: null,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 3,
  filter: true,
  tryItOutEnabled: true,
  oauth2RedirectUrl: location.origin + ${JSON.stringify(REDIRECT_PATH)},
  requestInterceptor: (request) => {
    const url = new URL(request.url, location.href);
    if (url.origin === publicOrigin) request.url = location.origin + url.pathname + url.search;
    return request;
  },
});
document.addEventListener('click', ({ target }) => {
  if (!target.closest('.model-example')) target.closest('tr.response[data-code]')?.classList.toggle('open');
});
if (clientId !== null) ui.initOAuth({ clientId, usePkceWithAuthorizationCodeGrant: true });
`;

/** The answers of an operation that went wrong are a line each, until somebody clicks on one. Nothing here has links. */
export const pageStyle = `body { margin: 0; background: #fafafa; }
.swagger-ui .info { margin: 24px 0; }
.swagger-ui .response-col_links { display: none; }
.swagger-ui textarea.body-param__text { min-height: 140px; }
.swagger-ui tr.response[data-code]:not([data-code^="2"]) { cursor: pointer; }
.swagger-ui tr.response[data-code]:not([data-code^="2"]):not(.open) td { padding: 2px 0; }
.swagger-ui tr.response[data-code]:not([data-code^="2"]):not(.open) .response-col_description__inner p { margin: 0; }
.swagger-ui tr.response[data-code]:not([data-code^="2"]):not(.open) :is(.response-controls, .model-example, .headers-wrapper) {
  display: none;
}
.swagger-ui tr.response[data-code]:not([data-code^="2"]) .response-col_status::after { content: ' ▸'; }
.swagger-ui tr.response[data-code].open .response-col_status::after { content: ' ▾'; }
`;
