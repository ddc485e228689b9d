import { type DescMessage, type MessageShape, create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Any, anyIs, anyPack, anyUnpack, durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema, StatusSchema } from '@trellis/contracts/google/rpc';
import { Code, codeName } from './code.js';
import { ServiceError, type Violation } from './service-error.js';

/** The trailer that carries the details: a serialized google.rpc.Status. */
export const DETAILS_KEY = 'grpc-status-details-bin';

/** `ErrorInfo.domain` of every reason that this platform gives. */
const DOMAIN = 'trellis';

/**
 * Peers take 8 KiB of trailers by default (`grpc.max_metadata_size`), Node 64 KiB, and a call whose status is longer than
 * that breaks. The message travels twice and the details in base64, so these two, in characters, are about 5.5 KiB.
 */
const LONGEST_MESSAGE = 512;
const LONGEST_VIOLATIONS = 3_072;

/** The status of a failed call: the message as it is sent, and the details' trailer unless code and message say it all. */
export function encodeStatus(error: ServiceError): { readonly message: string; readonly details?: Uint8Array } {
  const message = shorten(error.message);
  const details: Any[] = [];
  const metadata = { ...error.metadata };
  if (error.reason !== undefined || Object.keys(metadata).length > 0) {
    details.push(
      anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason: error.reason ?? '', domain: DOMAIN, metadata })),
    );
  }
  if (error.violations.length > 0) {
    const fieldViolations = fitting(error.violations);
    details.push(anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations })));
  }
  if (error.retryAfter !== undefined) {
    const retryDelay = durationFromMs(error.retryAfter * 1000);
    details.push(anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay })));
  }
  if (details.length === 0) return { message };
  return { message, details: toBinary(StatusSchema, create(StatusSchema, { code: error.code, message, details })) };
}

/** As many from the front as there is room for. */
function fitting(violations: readonly Violation[]): Violation[] {
  let room = LONGEST_VIOLATIONS;
  const short = violations.map(({ field, description }) => ({ field, description: shorten(description) }));
  const over = short.findIndex(({ field, description }) => (room -= field.length + description.length) < 0);
  return over < 0 ? short : short.slice(0, over);
}

/** Well-formed as well: half a surrogate pair cannot be percent-encoded, which is how grpc-js sends a message. */
function shorten(text: string): string {
  return (text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE - 1)}…` : text).toWellFormed();
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
  const detail = details.find((any) => anyIs(any, schema));
  try {
    return detail && anyUnpack(detail, schema);
  } catch {
    return undefined; // as above
  }
}
