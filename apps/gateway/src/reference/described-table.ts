import type { MethodPolicy } from '@trellis/contracts';
import type { ApiRoute, RateLimit, RouteLimits } from '@trellis/openapi';
import type { Binding } from '@trellis/transcoding';
import { NOT_PASSED_ON } from '../data-plane/routing/http-services.js';
import type { DescribedLayer, DescribedPrefix } from './openapi-document.js';

/** What is read of a route of the gateway's table. */
export interface TableRoute {
  readonly template: { readonly text: string };
  readonly source: 'file' | 'contract' | 'built-in';
  readonly conditions?: readonly { readonly text: string }[];
  /** Why its requests are refused for now. */
  readonly problem?: string;
  readonly facts: { readonly service: string | undefined; readonly access: MethodPolicy | undefined };
  /** The policies that hold for it, with what was set. */
  readonly pipeline: { readonly policies: readonly { readonly name: string; readonly settings: unknown }[] };
  readonly target: {
    readonly title: string;
    /** The rule by which a contract's method is called; absent when something else answers. */
    readonly binding?: Binding;
  };
}

export interface TableLayer {
  readonly host: string | undefined;
  readonly routes: readonly TableRoute[];
}

/** Methods with all that holds for their callers. `versionOf`: of the contract by which a service is served now. */
export function describedLayers(
  layers: readonly TableLayer[],
  versionOf: (service: string) => string | undefined,
): DescribedLayer[] {
  return layers.map(({ host, routes }) => ({
    host,
    routes: routes.flatMap((route) => apiRoute(route, versionOf) ?? []),
  }));
}

function apiRoute(route: TableRoute, versionOf: (service: string) => string | undefined): ApiRoute | undefined {
  const { facts, conditions, problem } = route;
  const { binding } = route.target;
  if (!binding || facts.service === undefined || !facts.access || problem !== undefined) return undefined;
  return {
    binding,
    service: facts.service,
    version: versionOf(facts.service) ?? '',
    access: accessOf(facts.access, settingsOf(route, 'auth')),
    limits: limitsOf(route),
    ...(conditions && { conditions: conditions.map(({ text }) => text) }),
  };
}

const settingsOf = ({ pipeline }: TableRoute, name: string): unknown =>
  pipeline.policies.find((policy) => policy.name === name)?.settings;

/** The file may ask for more than the contract, never for less. */
function accessOf(access: MethodPolicy, settings: unknown): MethodPolicy {
  const scopes = member(settings, 'scopes');
  if (!Array.isArray(scopes)) return access;
  return { ...access, public: false, scopes: [...new Set([...access.scopes, ...scopes.map(String)])] };
}

function limitsOf(route: TableRoute): RouteLimits {
  const [maxBody, timeoutMs] = [settingsOf(route, 'maxBody'), settingsOf(route, 'timeout')];
  const rates = [rateOf(route, 'limitPerAddress', 'address'), rateOf(route, 'limitPerCaller', 'caller')];
  return {
    ...(typeof maxBody === 'number' && { maxBody }),
    ...(typeof timeoutMs === 'number' && { timeoutMs }),
    rates: rates.filter((rate) => rate !== undefined),
  };
}

function rateOf(route: TableRoute, name: string, per: string): RateLimit | undefined {
  const settings = settingsOf(route, name);
  const [quota, milliseconds] = [member(settings, 'requests'), member(settings, 'per')];
  if (typeof quota !== 'number' || typeof milliseconds !== 'number') return undefined;
  return { quota, windowSeconds: milliseconds / 1_000, per };
}

const member = (settings: unknown, name: string): unknown =>
  typeof settings === 'object' && settings !== null ? Reflect.get(settings, name) : undefined;

/** The file's routes to what has no contract. What is built in is not for those who call the API. */
export function describedPrefixes(layers: readonly TableLayer[]): DescribedPrefix[] {
  return layers.flatMap(({ host, routes }) =>
    routes
      .filter(({ source, target }) => source === 'file' && !target.binding)
      .map(({ template, target }) => ({
        prefix: template.text,
        about: `${target.title}${host === undefined ? '' : ` (\`${host}\`)`}`,
      })),
  );
}

/** An instance as the directory has it. */
export interface RegisteredInstance {
  readonly service: string;
  readonly version: string;
  readonly protocol: string;
}

/** Where the registered services that speak HTTP are reached. */
export function registeredPrefixes(instances: readonly RegisteredInstance[]): DescribedPrefix[] {
  const found = instances
    .filter(({ protocol, service }) => protocol === 'http' && !NOT_PASSED_ON.has(service))
    .map(({ service, version }) => ({
      prefix: `/api/v1/${service}/${version}/`,
      about: `the service \`${service}\`, version ${version}`,
    }));
  return [...new Map(found.map((each) => [each.prefix, each])).values()].sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
}
