/**
 * Prints the .proto text of a descriptor that an npm package carries, without comments and options: enough for buf to
 * resolve an import whose source no package ships. Proto2 and proto3 files with messages, enums and extensions.
 */
const SCALARS =
  ' double float int64 uint64 int32 fixed64 fixed32 bool string group message bytes uint32 enum sfixed32 sfixed64 sint32 sint64'.split(
    ' ',
  );
const LABELS = { 1: 'optional', 2: 'required', 3: 'repeated' };

/** Highest field number plus one: how a descriptor spells `to max`. */
const MAX = 536870912;

const typeOf = (field) => field.typeName || SCALARS[field.type];
const inOneof = (field) => Object.hasOwn(field, 'oneofIndex');
const declaration = (field) => `${typeOf(field)} ${field.name} = ${field.number};`;
const labelled = (field) => `${LABELS[field.label]} ${declaration(field)}`;
const block = (head, lines) => [`${head} {`, ...lines.map((line) => `  ${line}`), '}'];

function printMessage(message) {
  return block(`message ${message.name}`, [
    ...message.nestedType.filter((nested) => !nested.options?.mapEntry).flatMap(printMessage),
    ...message.enumType.flatMap(printEnum),
    ...message.oneofDecl.flatMap((oneof, index) =>
      block(
        `oneof ${oneof.name}`,
        message.field.filter((field) => inOneof(field) && field.oneofIndex === index).map(declaration),
      ),
    ),
    ...message.field.filter((field) => !inOneof(field)).map(labelled),
    ...message.extensionRange.map(({ start, end }) => `extensions ${start} to ${end >= MAX ? 'max' : end - 1};`),
    ...message.extension.flatMap(printExtension),
  ]);
}

const printEnum = (type) =>
  block(
    `enum ${type.name}`,
    type.value.map((value) => `${value.name} = ${value.number};`),
  );

const printExtension = (field) => block(`extend ${field.extendee}`, [labelled(field)]);

/** @param {import('@bufbuild/protobuf/wkt').FileDescriptorProto} file */
export function printProto(file) {
  return [
    `syntax = "${file.syntax || 'proto2'}";`,
    `package ${file.package};`,
    ...file.dependency.map((name) => `import "${name}";`),
    ...file.enumType.flatMap(printEnum),
    ...file.messageType.flatMap(printMessage),
    ...file.extension.flatMap(printExtension),
    '',
  ].join('\n');
}
