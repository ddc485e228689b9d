import { type MessageInitShape, create, setExtension, toBinary } from '@bufbuild/protobuf';
import { protoCamelCase } from '@bufbuild/protobuf/reflect';
import {
  type EnumDescriptorProtoSchema,
  type FieldDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  type FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MethodOptionsSchema,
  MethodOptions_IdempotencyLevel as Idempotency,
} from '@bufbuild/protobuf/wkt';
import { type HttpRuleSchema, http } from '@trellis/contracts/google/api';
import { callers, public$, scopes } from '@trellis/contracts/options/v1';
import { type Contract, readContract } from './contract.js';

type Field = MessageInitShape<typeof FieldDescriptorProtoSchema>;
type Enum = MessageInitShape<typeof EnumDescriptorProtoSchema>;
type Rule = MessageInitShape<typeof HttpRuleSchema>;
type File = MessageInitShape<typeof FileDescriptorProtoSchema>;

export interface SampleMethod {
  readonly rules?: readonly Rule[];
  readonly scopes?: readonly string[];
  readonly callers?: readonly string[];
  readonly public?: boolean;
  readonly repeatable?: boolean;
  readonly stream?: boolean;
  readonly input?: string;
  readonly output?: string;
}

export interface Sample {
  /** Methods of the service `shop.v1.Shop`, by name. */
  readonly methods?: Readonly<Record<string, SampleMethod>>;
  /** Fields of the message `shop.v1.Item`, which every method takes and answers unless it says otherwise. */
  readonly item?: readonly Field[];
  readonly itemReserves?: { readonly numbers?: readonly number[]; readonly names?: readonly string[] };
  /** Values of the enum `shop.v1.Size`. */
  readonly sizes?: Readonly<Record<string, number>>;
  readonly sizeReserves?: { readonly numbers?: readonly number[]; readonly names?: readonly string[] };
  readonly more?: File;
}

export const SHOP = 'shop.v1.Shop';

/** As protoc writes it. */
export const field = (name: string, number: number, type: Type = Type.STRING, more: Field = {}): Field => ({
  ...{ name, number, type, label: Label.OPTIONAL, jsonName: protoCamelCase(name) },
  ...more,
});
export const repeated = { label: Label.REPEATED };
export { Type };

/** The descriptor set of a contract as an instance announces it. */
export function sampleSet(sample: Sample = {}): Uint8Array {
  const { methods = { Get: {} }, item = [field('name', 1)], sizes = { SIZE_UNSPECIFIED: 0 } } = sample;
  const file: File = {
    ...{ name: 'shop/v1/shop.proto', package: 'shop.v1', syntax: 'proto3' },
    messageType: [
      {
        name: 'Item',
        field: [...item],
        oneofDecl: [{ name: 'choice' }],
        nestedType: [{ name: 'LabelsEntry', field: [field('key', 1), field('value', 2)], options: { mapEntry: true } }],
        reservedRange: (sample.itemReserves?.numbers ?? []).map((start) => ({ start, end: start + 1 })),
        reservedName: [...(sample.itemReserves?.names ?? [])],
      },
      { name: 'Other', field: [field('name', 1)] },
    ],
    enumType: [
      {
        name: 'Size',
        value: Object.entries(sizes).map(([name, number]) => ({ name, number })),
        reservedRange: (sample.sizeReserves?.numbers ?? []).map((start) => ({ start, end: start })),
        reservedName: [...(sample.sizeReserves?.names ?? [])],
      } satisfies Enum,
    ],
    service: [{ name: 'Shop', method: Object.entries(methods).map(([name, method]) => methodOf(name, method)) }],
    ...sample.more,
  };
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [file] }));
}

export const sampleContract = (sample: Sample = {}): Contract => readContract(sampleSet(sample), [SHOP]);

/** A method with one route. */
export const at = (get: string, more: Rule = {}): SampleMethod => ({
  rules: [{ pattern: { case: 'get', value: get }, ...more }],
});

function methodOf(name: string, method: SampleMethod) {
  const options = create(MethodOptionsSchema, {
    idempotencyLevel: method.repeatable ? Idempotency.IDEMPOTENT : Idempotency.IDEMPOTENCY_UNKNOWN,
  });
  const [first, ...additionalBindings] = method.rules ?? [];
  if (first) setExtension(options, http, { ...first, additionalBindings } as never);
  if (method.scopes) setExtension(options, scopes, [...method.scopes]);
  if (method.callers) setExtension(options, callers, [...method.callers]);
  if (method.public) setExtension(options, public$, true);
  return {
    name,
    inputType: `.shop.v1.${method.input ?? 'Item'}`,
    outputType: `.shop.v1.${method.output ?? 'Item'}`,
    serverStreaming: method.stream ?? false,
    options,
  };
}
