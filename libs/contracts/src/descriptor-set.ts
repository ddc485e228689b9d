import {
  type DescFile,
  type DescService,
  type FileRegistry,
  create,
  createFileRegistry,
  fromBinary,
  toBinary,
} from '@bufbuild/protobuf';
import { protoCamelCase } from '@bufbuild/protobuf/reflect';
import {
  type DescriptorProto,
  type FileDescriptorProto,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
  SourceCodeInfoSchema,
} from '@bufbuild/protobuf/wkt';
import { comments } from './gen/comments.js';

/**
 * What an instance announces: the services' files and everything they import, in dependency order, every option and our own
 * comments included. The same services give the same bytes, so their hash names the contract.
 */
export function descriptorSet(services: readonly DescService[]): Uint8Array {
  const files = new Set<DescFile>();
  const visit = (file: DescFile): void => {
    if (files.has(file)) return;
    file.dependencies.forEach(visit);
    files.add(file);
  };
  services.forEach((service) => visit(service.file));
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [...files].map(withComments) }));
}

/** Generated descriptors are without comments. Those of services and what they need are some 1 kB, beside 25 kB of the rest. */
function withComments({ proto }: DescFile): FileDescriptorProto {
  const location = comments[proto.name]?.map(([path, leadingComments]) => ({
    path: [...path],
    span: [0, 0, 0], // readers rely on three numbers or four; where in the file it stood helps nobody
    leadingComments,
  }));
  return location ? { ...proto, sourceCodeInfo: create(SourceCodeInfoSchema, { location }) } : proto;
}

/** The descriptors of an announced set. Throws when the bytes are no descriptor set or a type is missing. */
export function readDescriptorSet(bytes: Uint8Array): FileRegistry {
  return descriptorsOf(fromBinary(FileDescriptorSetSchema, bytes));
}

/** The same for a set that has been decoded. JSON names that it leaves out are written into it. */
export function descriptorsOf(set: FileDescriptorSet): FileRegistry {
  for (const file of set.file) addJsonNames(file.messageType);
  return createFileRegistry(set);
}

/** Generated code of other languages carries descriptors without `json_name`: protoc works it out like this. */
function addJsonNames(messages: readonly DescriptorProto[]): void {
  for (const { field: fields, nestedType } of messages) {
    for (const field of fields) {
      if (field.jsonName === '') field.jsonName = protoCamelCase(field.name);
    }
    addJsonNames(nestedType);
  }
}
