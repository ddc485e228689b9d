import type {
  DescriptorProto,
  EnumDescriptorProto,
  FileDescriptorSet,
  MethodDescriptorProto,
  ServiceDescriptorProto,
} from '@bufbuild/protobuf/wkt';

/** Eight times the largest contract of this repository. What is larger keeps the registry from its heartbeats. */
export const MAX_CONTRACT_BYTES = 256 * 1024;
/** Files, messages, fields, oneofs, enums, their values, extensions, services and methods together: read in about 50 ms. */
export const MAX_ELEMENTS = 10_000;
/** Of the services that the instance answers. Their names go to everybody who watches. */
export const MAX_METHODS = 256;
export const MAX_ROUTES = 512;
/** Characters of a name with its package, and of a path template. */
export const MAX_NAME = 255;
export const MAX_PATH = 512;

/** What is too large about the contract, worded to follow its name; undefined when nothing is. Looks before types are made. */
export function excessOf(set: FileDescriptorSet): string | undefined {
  let elements = 0;
  let longest = '';
  const note = (name: string): void => {
    elements += 1;
    if (name.length > longest.length) longest = name;
  };
  const countEnum = ({ name, value }: EnumDescriptorProto): void => {
    note(name);
    for (const each of value) note(each.name);
  };
  const countMessage = (message: DescriptorProto, within: string): void => {
    const name = `${within}.${message.name}`;
    note(name);
    for (const { name: part } of [...message.field, ...message.oneofDecl, ...message.extension]) note(part);
    message.enumType.forEach(countEnum);
    for (const nested of message.nestedType) countMessage(nested, name);
  };
  const countMethod = ({ name }: MethodDescriptorProto): void => note(name);
  const countService = ({ name, method }: ServiceDescriptorProto, within: string): void => {
    note(`${within}.${name}`);
    method.forEach(countMethod);
  };
  for (const file of set.file) {
    note(file.name);
    elements += file.dependency.length;
    for (const message of file.messageType) countMessage(message, file.package);
    file.enumType.forEach(countEnum);
    for (const { name } of file.extension) note(name);
    for (const service of file.service) countService(service, file.package);
    if (elements > MAX_ELEMENTS) return `has more than ${MAX_ELEMENTS} files, types, fields, values and methods`;
  }
  return longest.length > MAX_NAME ? `has a name of more than ${MAX_NAME} characters: ${shorten(longest)}` : undefined;
}

/** A stranger's names appear in answers and logs: the beginning says which one it is. */
export const shorten = (text: string, length = 120): string =>
  (text.length > length ? `${text.slice(0, length - 1)}…` : text).replace(/\p{Cc}/gu, ' ').toWellFormed();
