import { type MessageInitShape, type Registry, create, createFileRegistry, setExtension } from '@bufbuild/protobuf';
import { protoCamelCase } from '@bufbuild/protobuf/reflect';
import {
  type DescriptorProtoSchema,
  type FieldDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MethodOptionsSchema,
  file_google_protobuf_duration,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
} from '@bufbuild/protobuf/wkt';
import { HttpRuleSchema, http } from '@trellis/contracts/google/api';

type Field = MessageInitShape<typeof FieldDescriptorProtoSchema>;
type Message = MessageInitShape<typeof DescriptorProtoSchema>;

const WELL_KNOWN = [
  file_google_protobuf_duration,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
].map(({ proto }) => proto);

/** `string`, `sint32` and so on. */
const SCALARS = new Map(
  Object.entries(Type)
    .filter((entry): entry is [string, Type] => typeof entry[1] === 'number')
    .map(([name, type]) => [name.toLowerCase(), type]),
);

export interface Schema {
  readonly package: string;
  /** Fields by message as a proto3 file spells them, a line each: `optional int32 p_int32 = 18`, `map<string, bool> m = 1`. */
  readonly messages: Readonly<Record<string, string>>;
  /** Values by enum, from 0 upwards. */
  readonly enums?: Readonly<Record<string, readonly string[]>>;
  /** `Method(Request) Response` by service. */
  readonly services: Readonly<Record<string, readonly string[]>>;
  /** By method. */
  readonly rules?: Readonly<Record<string, MessageInitShape<typeof HttpRuleSchema>>>;
}

/** The types of a small proto3 file. A field of a oneof says so in front: `oneof choice: bool yes = 1`. */
export function registryOf({ package: name, messages, enums = {}, services, rules = {} }: Schema): Registry {
  const typed = (type: string): Field => {
    const scalar = SCALARS.get(type);
    const typeName = type.startsWith('google.') ? `.${type}` : `.${name}.${type}`;
    return scalar === undefined
      ? { type: Object.hasOwn(enums, type) ? Type.ENUM : Type.MESSAGE, typeName }
      : { type: scalar };
  };
  const file = create(FileDescriptorProtoSchema, {
    name: `${name}.proto`,
    package: name,
    syntax: 'proto3',
    dependency: WELL_KNOWN.map((each) => each.name),
    enumType: Object.entries(enums).map(([each, values]) => ({
      name: each,
      value: values.map((value, number) => ({ name: value, number })),
    })),
    messageType: Object.entries(messages).map(([each, fields]) => messageOf(each, fields.trim().split('\n'), typed)),
    service: Object.entries(services).map(([each, methods]) => ({
      name: each,
      method: methods.map((signature) => {
        const [, method = '', input = '', output = ''] = /^(\w+)\((\w+)\) (\w+)$/.exec(signature) ?? [];
        const options = create(MethodOptionsSchema);
        const rule = rules[method];
        if (rule) setExtension(options, http, create(HttpRuleSchema, rule));
        return { name: method, inputType: `.${name}.${input}`, outputType: `.${name}.${output}`, options };
      }),
    })),
  });
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [...WELL_KNOWN, file] }));
}

const LINE = /^\s*(?:oneof (\w+): )?(?:(optional|repeated) )?(?:map<(\w+), ([\w.]+)>|([\w.]+)) (\w+) = (\d+)$/;

function messageOf(name: string, lines: readonly string[], typed: (type: string) => Field): Message {
  const read = lines.map((line) => {
    const match = LINE.exec(line);
    if (!match) throw new Error(`"${line}" is no field`);
    const [, oneof, label, key, value, type = '', field = '', number = ''] = match;
    return {
      oneof: label === 'optional' ? `_${field}` : oneof,
      label,
      key,
      value,
      type,
      field,
      number: Number(number),
    };
  });
  // Those of optional fields come after all others.
  const oneofs = [...new Set(read.flatMap(({ oneof }) => oneof ?? []))].sort(
    (a, b) => Number(a.startsWith('_')) - Number(b.startsWith('_')),
  );
  return {
    name,
    oneofDecl: oneofs.map((each) => ({ name: each })),
    field: read.map(({ oneof, label, key, type, field, number }) => ({
      name: field,
      jsonName: protoCamelCase(field),
      number,
      ...(key === undefined ? typed(type) : typed(`${name}.${entryName(field)}`)),
      label: key !== undefined || label === 'repeated' ? Label.REPEATED : Label.OPTIONAL,
      ...(oneof !== undefined && { oneofIndex: oneofs.indexOf(oneof) }),
      ...(label === 'optional' && { proto3Optional: true }),
    })),
    nestedType: read.flatMap(({ key, value, field }) =>
      key === undefined || value === undefined
        ? []
        : [
            {
              name: entryName(field),
              options: { mapEntry: true },
              field: [
                { name: 'key', jsonName: 'key', number: 1, label: Label.OPTIONAL, ...typed(key) },
                { name: 'value', jsonName: 'value', number: 2, label: Label.OPTIONAL, ...typed(value) },
              ],
            },
          ],
    ),
  };
}

const entryName = (field: string): string =>
  `${field.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}Entry`;
