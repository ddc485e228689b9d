import { Metadata, type ServerErrorResponse } from '@grpc/grpc-js';
import { DETAILS_KEY, type ServiceError, encodeStatus } from '@trellis/errors';

/** The error as grpc-js sends it: code, message and details, never the cause. */
export function grpcStatus(error: ServiceError): ServerErrorResponse {
  const metadata = new Metadata();
  const { message, details } = encodeStatus(error);
  if (details) metadata.set(DETAILS_KEY, Buffer.from(details));
  return { name: error.name, message, code: error.code, details: message, metadata };
}
