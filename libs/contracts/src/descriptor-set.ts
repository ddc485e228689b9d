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
import { type DescriptorProto, type FileDescriptorSet, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/**
 * What an instance announces: the services' files and everything they import, in dependency order, every option
 * included. The same services give the same bytes, so their hash names the contract.
 */
export function descriptorSet(services: readonly DescService[]): Uint8Array {
  const files = new Set<DescFile>();
  const visit = (file: DescFile): void => {
    if (files.has(file)) return;
    file.dependencies.forEach(visit);
    files.add(file);
  };
  services.forEach((service) => visit(service.file));
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [...files].map((f) => f.proto) }));
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
