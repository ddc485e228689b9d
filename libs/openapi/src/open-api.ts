import { commentOf } from '@trellis/contracts';
import { HEADERS } from './answer-headers.js';
import type { ApiRoute } from './api-route.js';
import { Components } from './components.js';
import type { Info, OpenApiDocument, Server, Tag } from './document.js';
import { operationIdsOf } from './operation-ids.js';
import { pathItems } from './paths.js';
import { ERRORS, PROBLEM_SCHEMA, problemComponents } from './problems.js';
import { type TokenEndpoints, securitySchemes } from './security.js';
import { code, listOf, paragraphs } from './words.js';

export interface OpenApiOptions {
  readonly routes: readonly ApiRoute[];
  readonly info: Info;
  readonly servers: readonly Server[];
  readonly tokens: TokenEndpoints;
}

/** The OpenAPI document of the routes. The same routes, in any order, give the same document. */
export function openApi({ routes: given, info, servers, tokens }: OpenApiOptions): OpenApiDocument {
  const routes = inOrder(given);
  const components = new Components({ Problem: PROBLEM_SCHEMA });
  const paths = pathItems(routes, operationIdsOf(routes), components.refer);
  const schemas = Object.entries(components.schemas);
  return {
    openapi: '3.1.1',
    info: { ...info, description: paragraphs(info.description, ERRORS) },
    servers,
    tags: tagsOf(routes),
    paths,
    components: {
      schemas: Object.fromEntries(schemas.sort(([a], [b]) => (a < b ? -1 : 1))),
      responses: problemComponents(),
      headers: HEADERS,
      securitySchemes: securitySchemes(routes, tokens),
    },
  };
}

/** By service; within one as its contract has them, and the forms of one method as they were given. */
function inOrder(routes: readonly ApiRoute[]): ApiRoute[] {
  const index = ({ binding: { method } }: ApiRoute): number => method.parent.methods.indexOf(method);
  return routes.toSorted(
    (a, b) =>
      compare(a.service, b.service) ||
      compare(a.binding.method.parent.typeName, b.binding.method.parent.typeName) ||
      index(a) - index(b) ||
      compare(a.binding.template.text, b.binding.template.text) ||
      compare(a.binding.httpMethod, b.binding.httpMethod),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function tagsOf(routes: readonly ApiRoute[]): Tag[] {
  return [...Map.groupBy(routes, ({ service }) => service)].map(([name, own]) => {
    const described = new Map(own.map(({ binding: { method } }) => [method.parent.typeName, method.parent]));
    const versions = [...new Set(own.flatMap(({ version }) => (version === '' ? [] : [version])))];
    const version = versions.length > 0 ? `Version ${listOf(versions)}` : undefined;
    const about = [version, listOf([...described.keys()].map(code))].filter((part) => part !== undefined).join(', ');
    return { name, description: paragraphs(...[...described.values()].map(commentOf), `${about}.`) };
  });
}
