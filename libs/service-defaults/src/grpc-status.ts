import { Metadata, type ServerErrorResponse } from '@grpc/grpc-js';
import { DETAILS_KEY, type ServiceError, encodeDetails } from '@trellis/errors';

/** The error as grpc-js sends it: code, message and details, never the cause. */
export function grpcStatus(error: ServiceError): ServerErrorResponse {
  const metadata = new Metadata();
  const details = encodeDetails(error);
  if (details) metadata.set(DETAILS_KEY, Buffer.from(details));
  return { name: error.name, message: error.message, code: error.code, details: error.message, metadata };
}
