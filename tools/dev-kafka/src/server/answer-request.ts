import type { Call } from '../api/api.js';
import { API_VERSIONS, apiVersions } from '../api/api-versions.js';
import { APIS } from '../api/apis.js';
import { MalformedRequest, WireReader } from '../wire/reader.js';

/**
 * Reads the head of a request, has it done and gives the whole answer, or undefined when none is wanted. Rejects with
 * `MalformedRequest` for what cannot be read and for requests and versions that kafkajs does not use: as with Kafka, the
 * connection ends then, because an answer in an unknown layout would be misread.
 */
export async function answerRequest(frame: Buffer, connection: Omit<Call, 'clientId'>): Promise<Buffer | undefined> {
  const request = new WireReader(frame);
  const key = request.int16();
  const version = request.int16();
  const correlationId = request.int32();
  if (key === API_VERSIONS.key) return apiVersions(version).framed(correlationId);
  const api = APIS.get(key);
  if (!api || api.version !== version) {
    throw new MalformedRequest(`Request ${api?.name ?? key} is not understood in version ${version}`);
  }
  const clientId = request.nullableString() ?? '';
  const answer = await api.handle(request, { ...connection, clientId });
  return answer?.framed(correlationId);
}
