import { type DescMessage, type MessageShape, create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Any, anyPack, anyUnpack, durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema, StatusSchema } from '@trellis/contracts/google/rpc';
import { Code, codeName } from './code.js';
import { ServiceError } from './service-error.js';

/** The trailer that carries the details: a serialized google.rpc.Status. */
export const DETAILS_KEY = 'grpc-status-details-bin';

/** `ErrorInfo.domain` of every reason that this platform gives. */
const DOMAIN = 'trellis';

/** What goes into the trailer of a failed call; undefined when code and message say it all. */
export function encodeDetails(error: ServiceError): Uint8Array | undefined {
  const details: Any[] = [];
  const metadata = { ...error.metadata };
  if (error.reason !== undefined || Object.keys(metadata).length > 0) {
    details.push(
      anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason: error.reason ?? '', domain: DOMAIN, metadata })),
    );
  }
  if (error.violations.length > 0) {
    const fieldViolations = error.violations.map(({ field, description }) => ({ field, description }));
    details.push(anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations })));
  }
  if (error.retryAfter !== undefined) {
    const retryDelay = durationFromMs(error.retryAfter * 1000);
    details.push(anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay })));
  }
  if (details.length === 0) return undefined;
  return toBinary(StatusSchema, create(StatusSchema, { code: error.code, message: error.message, details }));
}

/** The error that a failed call carried. A code that is none becomes UNKNOWN; unreadable details are left out. */
export function decodeStatus(code: number, message: string, details?: Uint8Array, cause?: unknown): ServiceError {
  const packed = details ? readDetails(details) : [];
  const info = unpack(packed, ErrorInfoSchema);
  const delay = unpack(packed, RetryInfoSchema)?.retryDelay;
  return new ServiceError(Code[codeName(code)], message, {
    reason: info?.reason || undefined,
    metadata: info?.metadata,
    violations: unpack(packed, BadRequestSchema)?.fieldViolations.map(({ field, description }) => ({
      field,
      description,
    })),
    retryAfter: delay && durationMs(delay) / 1000,
    cause,
  });
}

function readDetails(bytes: Uint8Array): Any[] {
  try {
    return fromBinary(StatusSchema, bytes).details;
  } catch {
    return []; // a peer of another make: code and message still stand
  }
}

function unpack<Desc extends DescMessage>(details: readonly Any[], schema: Desc): MessageShape<Desc> | undefined {
  for (const detail of details) {
    const message = anyUnpack(detail, schema);
    if (message) return message;
  }
  return undefined;
}
