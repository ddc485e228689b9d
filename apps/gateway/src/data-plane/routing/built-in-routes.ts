import type { Directory } from '@trellis/discovery';
import type { Rpc } from '@trellis/rpc';
import { parsePathTemplate } from '@trellis/transcoding';
import type { Settings } from '../policies/pipeline.js';
import type { RouteFacts, Tools } from '../policies/policy.js';
import { httpService } from '../targets/http-service.js';
import { type OwnPage, ownPage } from '../targets/own-page.js';
import { registeredService } from '../targets/registered-service.js';
import { prepared } from './build-table.js';
import { HttpServices } from './http-services.js';
import type { Route, Target } from './route.js';
import type { Layer, RouteTable } from './route-table.js';

export interface BuiltInIngredients {
  readonly defaults: Settings;
  readonly tools: Tools;
  readonly rpc: Rpc;
  readonly directory: Directory;
  readonly pages: readonly OwnPage[];
  /** The routes of now. */
  readonly table: () => RouteTable;
}

/** Where a registered service that speaks HTTP is reached. */
export const SERVICES_PATH = '/api/v1/{service}/{version}/**';

/** What the gateway has without any file: the provider's public paths, every registered service that speaks HTTP, its pages. */
export function builtInRoutes({ defaults, tools, rpc, directory, pages, table }: BuiltInIngredients): Layer[] {
  const route = (path: string, target: Target, service?: string, httpMethod = '*'): Route => {
    const facts: RouteFacts = { name: path, id: path, httpMethod, service, access: undefined };
    const template = parsePathTemplate(path);
    return prepared({ httpMethod, template, facts, source: 'built-in', target }, defaults, {}, tools);
  };
  const services = tools.keep('http services', () => new HttpServices(directory, tools.now));
  const auth = httpService({ service: 'auth' }, rpc);
  const routes = [
    route('/oauth2/**', auth, 'auth'),
    route('/.well-known/**', auth, 'auth'),
    route(SERVICES_PATH, registeredService(rpc, services, tools.verifier)),
    ...pages.map((page) => route(page.path, ownPage(page, table), undefined, 'GET')),
  ];
  return [{ host: undefined, routes }];
}
