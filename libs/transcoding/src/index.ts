export type { BodyForm } from './body.js';
export { ContractError } from './contract-error.js';
export type { HttpContent } from './http-body.js';
export { InvalidRequest } from './invalid-request.js';
export type { Locator } from './locator.js';
export { type PathTemplate, parsePathTemplate } from './path-template.js';
export { type Match, type RequestOf, type Routable, type Router, createRouter } from './router.js';
export type { RequestParts } from './request-decoder.js';
export { type Route, type RouteOptions, routeOf, routesOf } from './route.js';
