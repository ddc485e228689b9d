import { Buffer } from 'node:buffer';
import { type JsonValue, create, fromBinary, fromJson, toBinary, toJsonString } from '@bufbuild/protobuf';
import { StatusSchema } from '@trellis/contracts/google/rpc';
import {
  type ExportTraceServiceRequest,
  ExportTraceServiceRequestSchema,
  ExportTraceServiceResponseSchema,
} from './gen/opentelemetry/proto/collector/trace/v1/trace_service_pb.js';

/** The two encodings of OTLP over HTTP. The answer is in the one that the request came in. */
export type Encoding = 'protobuf' | 'json';

export const CONTENT_TYPE: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

export function encodingOf(contentType: string | undefined): Encoding | undefined {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type === CONTENT_TYPE.protobuf) return 'protobuf';
  if (type === CONTENT_TYPE.json) return 'json';
  return undefined;
}

/** Throws when the body is not what its content type says. */
export function readExport(body: Buffer, encoding: Encoding): ExportTraceServiceRequest {
  if (encoding === 'protobuf') return fromBinary(ExportTraceServiceRequestSchema, body, { readUnknownFields: false });
  const json = JSON.parse(body.toString('utf8'), idsToBase64) as JsonValue;
  return fromJson(ExportTraceServiceRequestSchema, json, { ignoreUnknownFields: true });
}

/** `{"partialSuccess":{}}` when all went well, as Jaeger answers. */
export function writeAccepted(rejected: number, encoding: Encoding): Uint8Array {
  const errorMessage = rejected === 0 ? '' : 'spans without a usable trace id or span id';
  const response = create(ExportTraceServiceResponseSchema, {
    partialSuccess: { rejectedSpans: BigInt(rejected), errorMessage },
  });
  return encoding === 'protobuf'
    ? toBinary(ExportTraceServiceResponseSchema, response)
    : Buffer.from(toJsonString(ExportTraceServiceResponseSchema, response));
}

/** OTLP wants a google.rpc.Status as the body of a failure. */
export function writeFailure(message: string, encoding: Encoding): Uint8Array {
  const status = create(StatusSchema, { message });
  return encoding === 'protobuf' ? toBinary(StatusSchema, status) : Buffer.from(toJsonString(StatusSchema, status));
}

const ID_KEYS: ReadonlySet<string> = new Set(['traceId', 'spanId', 'parentSpanId']);

/** OTLP's JSON writes ids in hex where proto3 JSON has base64: the one difference between them. */
function idsToBase64(key: string, value: unknown): unknown {
  if (!ID_KEYS.has(key) || typeof value !== 'string') return value;
  if (!/^([0-9a-f]{2})*$/i.test(value)) throw new Error(`${key} is not hexadecimal`);
  return Buffer.from(value, 'hex').toString('base64');
}
