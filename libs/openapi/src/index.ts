export type { ApiRoute, RateLimit, RouteLimits } from './api-route.js';
export type { Info, OpenApiDocument, Server } from './document.js';
export { type OpenApiOptions, openApi } from './open-api.js';
export type { TokenEndpoints } from './security.js';
