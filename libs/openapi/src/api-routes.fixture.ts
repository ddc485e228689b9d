import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { FileRegistry } from '@bufbuild/protobuf';
import { descriptorSet, methodPolicy, readDescriptorSet, serviceName } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import { RegistryService } from '@trellis/contracts/registry/v1';
import { UserService } from '@trellis/contracts/user/v1';
import { type Route, routesOf } from '@trellis/transcoding';
import type { ApiRoute } from './api-route.js';
import type { OpenApiDocument, Operation, PathItem } from './document.js';
import { openApi } from './open-api.js';

const ROOT = join(import.meta.dirname, '../../..');

/** The contract with every kind of field, path and body, compiled as whoever writes one would. */
export function everyKind(): FileRegistry {
  const modules = ['libs/openapi/src', 'libs/contracts/proto', 'libs/contracts/third_party'].map((path) => ({ path }));
  const args = ['build', 'libs/openapi/src', '--config', JSON.stringify({ version: 'v2', modules })];
  const output = ['--path', 'libs/openapi/src/every-kind.proto', '--as-file-descriptor-set', '-o', '-#format=binpb'];
  return readDescriptorSet(execFileSync(join(ROOT, 'node_modules/.bin/buf'), [...args, ...output], { cwd: ROOT }));
}

/** Our own contracts, as they are announced. */
export const ours = (): FileRegistry => readDescriptorSet(descriptorSet([BlogService, UserService, RegistryService]));

/** A described route together with what serves it. */
export type ServedRoute = ApiRoute & { readonly serve: Route };

export function apiRoutes(registry: FileRegistry, version = '1.2.0'): ServedRoute[] {
  return [...registry]
    .filter((desc) => desc.kind === 'service')
    .flatMap((service) =>
      routesOf(service, registry, { serverStreams: true }).map((route) => ({
        binding: route.binding,
        service: serviceName(service),
        version,
        access: methodPolicy(route.method),
        serve: route,
      })),
    );
}

export const documentOf = (routes: readonly ApiRoute[]): OpenApiDocument =>
  openApi({
    routes,
    info: { title: 'Test', version: '1' },
    servers: [{ url: 'http://localhost:8080' }],
    tokens: {
      authorizationUrl: 'http://localhost:8080/oauth2/auth',
      tokenUrl: 'http://localhost:8080/oauth2/token',
    },
  });

/** What a document says of its only route, and under which path. */
export function onlyOperation({ paths }: OpenApiDocument): { readonly path: string; readonly operation: Operation } {
  const [[path, item] = ['', {}]] = Object.entries(paths);
  const { 'x-additional-operations': others = {}, ...own } = item as PathItem;
  const [operation] = [...Object.values(own), ...Object.values(others)];
  if (!operation) throw new Error('no operation');
  return { path, operation };
}

/** How tests call a route. */
export const titleOf = ({ binding: { method, httpMethod, template } }: ApiRoute): string =>
  `${method.name} by ${httpMethod} ${template.text}`;
