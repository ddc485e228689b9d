import { inflateRawSync } from 'node:zlib';
import { fromBinary } from '@bufbuild/protobuf';
import { type WatchResponse, WatchResponseSchema } from '@trellis/contracts/registry/v1';

/** The response that came deflated, or the response itself. Throws when it would be larger than `maxBytes`. */
export function inflated(response: WatchResponse, maxBytes: number): WatchResponse {
  if (response.message.case !== 'deflated') return response;
  return fromBinary(WatchResponseSchema, inflateRawSync(response.message.value, { maxOutputLength: maxBytes }));
}
