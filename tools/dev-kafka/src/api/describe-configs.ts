import { errorCodeOf } from '../wire/kafka-error.js';
import { WireWriter } from '../wire/writer.js';
import type { Api, Call } from './api.js';

const TOPIC = 2;
const DEFAULT_SOURCE = 5;

export const describeConfigs: Api = {
  name: 'DescribeConfigs',
  key: 32,
  version: 2,
  handle(request, call) {
    const resources = request.array(() => {
      const type = request.int8();
      const name = request.string();
      const keys = request.nullableArray(() => request.string());
      return { type, name, entries: settings(call).filter(([key]) => !keys?.length || keys.includes(key)) };
    });
    const response = new WireWriter().int32(0); // throttle time
    return response.array(resources, ({ type, name, entries }) => {
      const error = errorCodeOf(() => {
        if (type !== TOPIC) return;
        call.broker.topics.checkName(name);
        call.broker.topics.partition(name, 0);
      });
      response.int16(error).string(null);
      response
        .int8(type)
        .string(name)
        .array(error ? [] : entries, ([key, value]) => {
          response.string(key).string(value).boolean(true); // read-only
          response
            .int8(DEFAULT_SOURCE)
            .boolean(false)
            .array([], () => undefined); // not sensitive, no synonyms
        });
    });
  },
};

/** What every topic has, under the names that Kafka has for it. */
function settings({ broker }: Call): [string, string][] {
  const { segmentBytes, retentionBytes, retentionMs, maxBatchBytes } = broker.topics.limits;
  return [
    ['cleanup.policy', 'delete'],
    ['max.message.bytes', `${maxBatchBytes}`],
    ['retention.bytes', `${retentionBytes}`],
    ['retention.ms', `${retentionMs}`],
    ['segment.bytes', `${segmentBytes}`],
  ];
}
