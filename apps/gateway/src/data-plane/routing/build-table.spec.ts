import { expect, it } from '@jest/globals';
import { descriptorSet, readDescriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import { ManualDirectory } from '@trellis/discovery/testing';
import { createRpc } from '@trellis/rpc';
import { createLogger } from '@trellis/telemetry';
import { type PathTemplate, parsePathTemplate } from '@trellis/transcoding';
import type { Tools } from '../policies/policy.js';
import { buildTable } from './build-table.js';
import type { LiveContract } from './contract-follower.js';
import { contractRoutes } from './contract-routes.js';

const logger = createLogger({ name: 'gateway', level: 'silent' });
const rpc = createRpc({ directory: new ManualDirectory(), logger });
const tools: Tools = {
  verifier: { verify: () => Promise.reject(new Error('nobody is verified here')) },
  logger,
  accessLog: { enabled: false, write: () => undefined, close: async () => undefined },
  now: () => 0,
  random: () => 0,
  keep: (_, make) => make(),
};
const registry = readDescriptorSet(descriptorSet([BlogService]));
const grpcServices = [BlogService.typeName];
const routes = contractRoutes('blog', registry, grpcServices);

/** How often the segments of any template were looked at. */
let looks = 0;

/** A service with the blog's routes under a path of its own. */
function serviceAt(name: string, path = name): LiveContract {
  const counted = (template: PathTemplate): PathTemplate => {
    const { segments, ...rest } = parsePathTemplate(`/${path}${template.text}`);
    return {
      ...rest,
      get segments() {
        looks += 1;
        return segments;
      },
    };
  };
  const own = routes.map((route) => ({ ...route, service: name, template: counted(route.template) }));
  return { service: name, version: '1.0.0', hash: name, registry, grpcServices, routes: own };
}

function build(contracts: readonly LiveContract[], contractHosts?: readonly string[]) {
  looks = 0;
  const built = buildTable({ contracts, layers: [], contractHosts, defaults: {}, complete: () => true }, tools, rpc);
  return { ...built, looks };
}

it('looks at each route so many times, however many services and hosts there are', () => {
  const services = Array.from({ length: 100 }, (_, at) => serviceAt(`s${at}`));
  const each = build(services.slice(0, 1)).looks;
  expect(each).toBeGreaterThan(0);
  expect(build(services).looks).toBe(100 * each);
  expect(build(services, ['a.example', 'b.example', 'c.example']).looks).toBe(100 * each);
});

it('leaves out a service as a whole when another has one of its routes, and says which', () => {
  const { routed, leftOut, table } = build([serviceAt('a'), serviceAt('thief', 'a'), serviceAt('b')]);
  expect([...routed]).toEqual(['a', 'b']);
  expect([...leftOut]).toEqual([
    ['thief', expect.objectContaining({ message: expect.stringContaining('answer the same requests') })],
  ]);
  expect(table.layers[0]?.routes).toHaveLength(2 * routes.length);
});
