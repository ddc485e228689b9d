import { type DescService, create, createFileRegistry, setExtension } from '@bufbuild/protobuf';
import {
  FileDescriptorProtoSchema,
  type MethodDescriptorProto,
  MethodDescriptorProtoSchema,
  MethodOptionsSchema,
  ServiceOptionsSchema,
  file_google_protobuf_descriptor,
  file_google_protobuf_wrappers,
} from '@bufbuild/protobuf/wkt';
import { HttpRuleSchema, file_google_api_annotations, file_google_api_http, http } from '@trellis/contracts/google/api';
import { file_trellis_v1_options, service_name } from '@trellis/contracts/options/v1';

/** With the five routes of the blog service: 1,000. The registry takes 256 methods of a contract at most. */
const SERVICES = 5;
const METHODS = 199;

/** Names under which the services with many routes are announced. */
export const MANY = Array.from({ length: SERVICES }, (_, n) => `many${n}`);

export const packageOf = (service: string): string => `bench.${service}`;

const STRING = '.google.protobuf.StringValue';
const IMPORTS = [
  file_google_protobuf_descriptor,
  file_google_protobuf_wrappers,
  file_google_api_http,
  file_google_api_annotations,
  file_trellis_v1_options,
];

/** A path that the last of all routes answers. */
export const LAST_PATH = `/v1/many${SERVICES - 1}-collection${METHODS - 1}/x`;

/** Such as `GET /v1/many3-collection17/{value}`. */
function method(service: string, n: number): MethodDescriptorProto {
  const options = create(MethodOptionsSchema);
  const path = `/v1/${service}-collection${n}/{value}`;
  setExtension(options, http, create(HttpRuleSchema, { pattern: { case: 'get', value: path } }));
  return create(MethodDescriptorProtoSchema, { name: `Get${n}`, inputType: STRING, outputType: STRING, options });
}

export function manyRoutes(service: string): DescService {
  const options = create(ServiceOptionsSchema);
  setExtension(options, service_name, service);
  const file = create(FileDescriptorProtoSchema, {
    name: `bench/${service}.proto`,
    package: packageOf(service),
    syntax: 'proto3',
    dependency: IMPORTS.map(({ proto }) => proto.name),
    service: [{ name: 'ManyService', options, method: Array.from({ length: METHODS }, (_, n) => method(service, n)) }],
  });
  const registry = createFileRegistry(file, (name) => IMPORTS.find(({ proto }) => proto.name === name));
  const described = registry.getService(`${packageOf(service)}.ManyService`);
  if (!described) throw new Error(`No service was made of ${service}`);
  return described;
}
