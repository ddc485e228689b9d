import { ErrorCode } from '../wire/kafka-error.js';
import { WireWriter } from '../wire/writer.js';
import { APIS } from './apis.js';

/**
 * The first request of every client, which does not know yet what it may ask in which version. So it alone is answered
 * in every version: one that is too new in the form of version 0, as Kafka does.
 */
export const API_VERSIONS = { key: 18, min: 0, max: 2 } as const;

export function apiVersions(version: number): WireWriter {
  const isKnown = version >= API_VERSIONS.min && version <= API_VERSIONS.max;
  const ranges = [...APIS.values()].map((api) => ({ key: api.key, min: api.version, max: api.version }));
  const response = new WireWriter().int16(isKnown ? ErrorCode.NONE : ErrorCode.UNSUPPORTED_VERSION);
  response.array([...ranges, API_VERSIONS], ({ key, min, max }) => response.int16(key).int16(min).int16(max));
  return isKnown && version >= 1 ? response.int32(0) : response; // throttle time
}
