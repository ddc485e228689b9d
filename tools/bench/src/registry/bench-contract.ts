import { createHash } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';
import { fromBinary } from '@bufbuild/protobuf';
import { descriptorSet } from '@trellis/contracts';
import { UserService } from '@trellis/contracts/user/v1';

const METHODS = 8;

/** Proto package of a service of the benchmark, such as "bench.s7". */
export const packageOf = (service: string): string => `bench.${service}`;

/**
 * A contract as large as an ordinary one, of a service that nobody else has: what the user service brings along, and a file
 * with one gRPC service of eight methods without routes.
 */
export function benchContract(service: string) {
  const brought = fromBinary(FileDescriptorSetSchema, descriptorSet([UserService])).file;
  const file = [...brought, benchFile(packageOf(service))];
  const bytes = toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }));
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { service: `${packageOf(service)}.BenchService`, descriptorSet: bytes, hash };
}

function benchFile(name: string): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, {
    name: `${name}.proto`,
    package: name,
    syntax: 'proto3',
    messageType: [
      {
        name: 'Text',
        field: [{ name: 'text', number: 1, label: Label.OPTIONAL, type: Type.STRING, jsonName: 'text' }],
      },
    ],
    service: [
      {
        name: 'BenchService',
        method: Array.from({ length: METHODS }, (_, n) => ({
          name: `Method${n}`,
          inputType: `.${name}.Text`,
          outputType: `.${name}.Text`,
        })),
      },
    ],
  });
}
