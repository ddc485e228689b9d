import { type DescMessage, type JsonValue, type MessageShape, fromJson } from '@bufbuild/protobuf';
import {
  ApproveContractResponseSchema,
  DrainInstanceResponseSchema,
  type Instance,
  ListContractsResponseSchema,
  ListInstancesResponseSchema,
  ListServicesResponseSchema,
  UndrainInstanceResponseSchema,
} from '@trellis/contracts/registry/v1';
import { fetchJson } from './fetch-json.js';

/** An answer of the registry: as it came, for programs, and read by its contract, for tables. */
export interface Answer<T> {
  readonly json: JsonValue;
  readonly message: T;
}

/** Which instances to list; each that is given has to fit. */
export interface InstanceFilter {
  readonly version?: string;
  readonly zone?: string;
  /** All of these. */
  readonly tag?: readonly string[];
  /** All of these, each written `key=value`. */
  readonly metadata?: readonly string[];
}

/** The registry's methods over HTTP. Each throws Failure with what the registry said. */
export class RegistryApi {
  constructor(private readonly url: string) {}

  services = () => this.#ask('/v1/services', ListServicesResponseSchema);

  instances = (service: string, { tag = [], metadata = [], ...one }: InstanceFilter = {}) => {
    const query = new URLSearchParams(Object.entries(one).filter(([, value]) => value !== undefined));
    for (const each of tag) query.append('tag', each);
    for (const each of metadata) query.append('metadata', each);
    return this.#ask(`/v1/services/${encodeURIComponent(service)}/instances?${query}`, ListInstancesResponseSchema);
  };

  contracts = (service = '') =>
    this.#ask(`/v1/contracts?${new URLSearchParams(service && { service })}`, ListContractsResponseSchema);

  drain = (instance: Instance, token: string) =>
    this.#ask(`${pathOf(instance)}:drain`, DrainInstanceResponseSchema, token);

  undrain = (instance: Instance, token: string) =>
    this.#ask(`${pathOf(instance)}:undrain`, UndrainInstanceResponseSchema, token);

  approve = (hash: string, token: string) =>
    this.#ask(`/v1/contracts/${hash}:approve`, ApproveContractResponseSchema, token);

  /** GET, or POST with an access token. */
  async #ask<D extends DescMessage>(path: string, schema: D, token?: string): Promise<Answer<MessageShape<D>>> {
    const post = { method: 'POST', body: '{}', headers: jsonFrom(token) };
    const json = (await fetchJson(new URL(path, this.url), token === undefined ? {} : post)) as JsonValue;
    return { json, message: fromJson(schema, json, { ignoreUnknownFields: true }) };
  }
}

const pathOf = ({ service, id }: Instance): string => `/v1/services/${service}/instances/${encodeURIComponent(id)}`;

const jsonFrom = (token?: string) => ({ 'content-type': 'application/json', authorization: `Bearer ${token}` });
