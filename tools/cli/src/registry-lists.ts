import { type DescMessage, type JsonValue, type MessageShape, fromJson } from '@bufbuild/protobuf';
import {
  type ListInstancesResponse,
  ListInstancesResponseSchema,
  type ListServicesResponse,
  ListServicesResponseSchema,
} from '@trellis/contracts/registry/v1';
import { fetchJson } from './fetch-json.js';

/** An answer of the registry: as it came, for programs, and read by its contract, for tables. */
export interface Listing<T> {
  readonly json: JsonValue;
  readonly message: T;
}

export const listServices = (registryUrl: string): Promise<Listing<ListServicesResponse>> =>
  list(new URL('/v1/services', registryUrl), ListServicesResponseSchema);

/** Throws Failure for a service that nobody has seen. */
export const listInstances = (registryUrl: string, service: string): Promise<Listing<ListInstancesResponse>> =>
  list(new URL(`/v1/services/${encodeURIComponent(service)}/instances`, registryUrl), ListInstancesResponseSchema);

async function list<D extends DescMessage>(url: URL, schema: D): Promise<Listing<MessageShape<D>>> {
  const json = (await fetchJson(url)) as JsonValue;
  return { json, message: fromJson(schema, json, { ignoreUnknownFields: true }) };
}
