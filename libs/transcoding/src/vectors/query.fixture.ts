import type { JsonValue } from '@bufbuild/protobuf';
import { registryOf } from './schema.fixture.js';

/**
 * Query parameters and the messages that they make: grpc-ecosystem/grpc-gateway, runtime/query_test.go and
 * runtime/internal/examplepb/proto3.proto at 9648db4. Copyright 2015 Gengo, Inc., BSD 3-Clause License. Data only,
 * transcribed; messages are written as their JSON, its long lists of parameters are parted, and what it says of proto2 is
 * left out (proto2 messages go the same way here), and so are filters that no rule could make.
 */
export interface QueryVector {
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** What it filters: the field that the body or the path gives. */
  readonly body?: string;
  readonly path?: string;
  /** Undefined when the query is refused. */
  readonly message?: JsonValue;
}

export const registry = registryOf({
  package: 'examplepb',
  messages: {
    Proto3Message: `
      Proto3Message nested = 41
      float float_value = 42
      double double_value = 43
      int64 int64_value = 3
      int32 int32_value = 4
      uint64 uint64_value = 5
      uint32 uint32_value = 6
      bool bool_value = 7
      string string_value = 8
      bytes bytes_value = 9
      repeated string repeated_value = 10
      optional string optional_value = 49
      repeated google.protobuf.UInt64Value repeated_message = 44
      EnumValue enum_value = 11
      repeated EnumValue repeated_enum = 12
      google.protobuf.Timestamp timestamp_value = 13
      google.protobuf.Duration duration_value = 14
      google.protobuf.FieldMask fieldmask_value = 15
      oneof oneof_value: bool oneof_bool_value = 1
      oneof oneof_value: string oneof_string_value = 2
      oneof nested_oneof_value: int32 nested_oneof_int32_value = 50
      oneof nested_oneof_value: Proto3Message nested_oneof_value_one = 46
      google.protobuf.DoubleValue wrapper_double_value = 17
      google.protobuf.FloatValue wrapper_float_value = 18
      google.protobuf.Int64Value wrapper_int64_value = 19
      google.protobuf.Int32Value wrapper_int32_value = 20
      google.protobuf.UInt64Value wrapper_u_int64_value = 21
      google.protobuf.UInt32Value wrapper_u_int32_value = 22
      google.protobuf.BoolValue wrapper_bool_value = 23
      google.protobuf.StringValue wrapper_string_value = 24
      google.protobuf.BytesValue wrapper_bytes_value = 25
      map<string, string> map_value = 26
      map<string, int32> map_value2 = 27
      map<int32, string> map_value3 = 28
      google.protobuf.Value struct_value_value = 47
      google.protobuf.Struct struct_value = 48`,
  },
  enums: { EnumValue: ['X', 'Y', 'Z'] },
  services: { Examples: ['Method(Proto3Message) Proto3Message'] },
});

const TIME = '2016-12-15T12:23:32.000000049Z';
const BYTES = 'YWJjMTIzIT8kKiYoKSctPUB-';

const NESTED = {
  'nested.nested.bool_value': 'true',
  'nested.nested.string_value': 'str',
  'nested.string_value': 'str',
  string_value: 'str',
};

export const QUERIES: readonly QueryVector[] = [
  { query: { float_value: '1.5' }, message: { floatValue: 1.5 } },
  { query: { double_value: '2.5' }, message: { doubleValue: 2.5 } },
  { query: { int64_value: '-1' }, message: { int64Value: '-1' } },
  { query: { int32_value: '-2' }, message: { int32Value: -2 } },
  { query: { uint64_value: '3' }, message: { uint64Value: '3' } },
  { query: { uint32_value: '4' }, message: { uint32Value: 4 } },
  { query: { bool_value: 'true' }, message: { boolValue: true } },
  { query: { string_value: 'str' }, message: { stringValue: 'str' } },
  { query: { bytes_value: BYTES }, message: { bytesValue: 'YWJjMTIzIT8kKiYoKSctPUB+' } },
  { query: { repeated_value: ['a', 'b', 'c'] }, message: { repeatedValue: ['a', 'b', 'c'] } },
  { query: { optional_value: 'str' }, message: { optionalValue: 'str' } },
  { query: { repeated_message: ['1', '2', '3'] }, message: { repeatedMessage: ['1', '2', '3'] } },
  { query: { enum_value: '1' }, message: { enumValue: 'Y' } },
  { query: { repeated_enum: ['1', '2', '0'] }, message: { repeatedEnum: ['Y', 'Z', 'X'] } },
  { query: { timestamp_value: TIME }, message: { timestampValue: TIME } },
  { query: { duration_value: '13h0m0s' }, message: { durationValue: '46800s' } },
  { query: { fieldmask_value: 'float_value,double_value' }, message: { fieldmaskValue: 'floatValue,doubleValue' } },
  { query: { wrapper_float_value: '1.5' }, message: { wrapperFloatValue: 1.5 } },
  { query: { wrapper_double_value: '2.5' }, message: { wrapperDoubleValue: 2.5 } },
  { query: { wrapper_int64_value: '-1' }, message: { wrapperInt64Value: '-1' } },
  { query: { wrapper_int32_value: '-2' }, message: { wrapperInt32Value: -2 } },
  { query: { wrapper_u_int64_value: '3' }, message: { wrapperUInt64Value: '3' } },
  { query: { wrapper_u_int32_value: '4' }, message: { wrapperUInt32Value: 4 } },
  { query: { wrapper_bool_value: 'true' }, message: { wrapperBoolValue: true } },
  { query: { wrapper_string_value: 'str' }, message: { wrapperStringValue: 'str' } },
  { query: { wrapper_bytes_value: BYTES }, message: { wrapperBytesValue: 'YWJjMTIzIT8kKiYoKSctPUB+' } },
  {
    query: { 'map_value[key]': 'value', 'map_value[fourth]': '' },
    message: { mapValue: { key: 'value', fourth: '' } },
  },
  { query: { 'map_value2[key]': '-2' }, message: { mapValue2: { key: -2 } } },
  { query: { 'map_value3[-2]': 'value' }, message: { mapValue3: { '-2': 'value' } } },
  { query: { struct_value_value: '{"a":{"b":1}}' }, message: { structValueValue: { a: { b: 1 } } } },
  { query: { struct_value: '{"a":{"b":1}}' }, message: { structValue: { a: { b: 1 } } } },
  {
    query: {
      floatValue: '1.5',
      doubleValue: '2.5',
      int64Value: '-1',
      int32Value: '-2',
      uint64Value: '3',
      uint32Value: '4',
      boolValue: 'true',
      stringValue: 'str',
      bytesValue: 'Ynl0ZXM=',
      repeatedValue: ['a', 'b', 'c'],
      enumValue: '1',
      repeatedEnum: ['1', '2', '0'],
      timestampValue: TIME,
      fieldmaskValue: 'float_value,double_value',
      wrapperFloatValue: '1.5',
      wrapperDoubleValue: '2.5',
      wrapperInt64Value: '-1',
      wrapperInt32Value: '-2',
      wrapperUInt64Value: '3',
      wrapperUInt32Value: '4',
      wrapperBoolValue: 'true',
      wrapperStringValue: 'str',
      wrapperBytesValue: 'Ynl0ZXM=',
    },
    message: {
      floatValue: 1.5,
      doubleValue: 2.5,
      int64Value: '-1',
      int32Value: -2,
      uint64Value: '3',
      uint32Value: 4,
      boolValue: true,
      stringValue: 'str',
      bytesValue: 'Ynl0ZXM=',
      repeatedValue: ['a', 'b', 'c'],
      enumValue: 'Y',
      repeatedEnum: ['Y', 'Z', 'X'],
      timestampValue: TIME,
      fieldmaskValue: 'floatValue,doubleValue',
      wrapperFloatValue: 1.5,
      wrapperDoubleValue: 2.5,
      wrapperInt64Value: '-1',
      wrapperInt32Value: -2,
      wrapperUInt64Value: '3',
      wrapperUInt32Value: 4,
      wrapperBoolValue: true,
      wrapperStringValue: 'str',
      wrapperBytesValue: 'Ynl0ZXM=',
    },
  },
  { query: { durationValue: '13h0m0s' }, message: { durationValue: '46800s' } },
  {
    query: { enum_value: 'Z', repeated_enum: ['X', '2', '0'] },
    message: { enumValue: 'Z', repeatedEnum: ['X', 'Z', 'X'] },
  },
  { query: { struct_value_value: '""' }, message: { structValueValue: '' } },
  { query: { struct_value_value: '{}' }, message: { structValueValue: {} } },
  { query: { struct_value_value: '[]' }, message: { structValueValue: [] } },
  { query: { struct_value_value: 'true' }, message: { structValueValue: true } },
  { query: { struct_value_value: '0' }, message: { structValueValue: 0 } },
  { query: { struct_value: '{}' }, message: { structValue: {} } },
  {
    query: { struct_value: '{"c":[1,2],"d":[{"e":1,"f":{}}]}' },
    message: { structValue: { c: [1, 2], d: [{ e: 1, f: {} }] } },
  },
  {
    query: {
      'nested.nested.nested.repeated_value': ['a', 'b', 'c'],
      'nested.nested.nested.string_value': 's',
      'nested.nested.string_value': 't',
      'nested.string_value': 'u',
    },
    message: {
      nested: {
        nested: { nested: { repeatedValue: ['a', 'b', 'c'], stringValue: 's' }, stringValue: 't' },
        stringValue: 'u',
      },
    },
  },
  {
    query: { 'nested.nested.map_value[first]': 'foo', 'nested.nested.map_value[second]': 'bar' },
    message: { nested: { nested: { mapValue: { first: 'foo', second: 'bar' } } } },
  },
  { query: { oneof_string_value: 'foobar' }, message: { oneofStringValue: 'foobar' } },
  { query: { oneofStringValue: 'foobar' }, message: { oneofStringValue: 'foobar' } },
  { query: { oneof_bool_value: 'true' }, message: { oneofBoolValue: true } },
  {
    query: { 'nested_oneof_value_one.int64Value': '-1', 'nested_oneof_value_one.string_value': 'foo' },
    message: { nestedOneofValueOne: { int64Value: '-1', stringValue: 'foo' } },
  },
  { query: { timestampValue: 'null' } },
  { query: { durationValue: 'null' } },
  { query: { oneof_bool_value: 'true', oneof_string_value: 'foobar' } },
  { query: { nested_oneof_int32_value: '10', 'nested_oneof_value_one.int32Value': '-1' } },
  { query: { 'nested_oneof_value_one.int32Value': '-1', nested_oneof_int32_value: '10' } },
  { query: { uint64_value: ['1', '2'] } },
  { query: { 'repeated_message.value': '1' } },
  { query: { timestampValue: '0000-01-01T00:00:00.00Z' } },
  { query: NESTED, body: 'nested', message: { stringValue: 'str' } },
  {
    query: NESTED,
    path: 'nested.nested.string_value',
    message: { nested: { stringValue: 'str', nested: { boolValue: true } }, stringValue: 'str' },
  },
  ...['float', 'double', 'int64', 'int32', 'uint64', 'uint32', 'bool', 'string', 'repeated', 'enum'].map((kind) => ({
    query: { [`${kind}_value.nested`]: 'test' },
  })),
  { query: { 'repeated_enum.nested': 'test' } },
];
