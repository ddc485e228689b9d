import { ErrorCode, errorCodeOf, KafkaError } from '../wire/kafka-error.js';
import { WireWriter } from '../wire/writer.js';
import type { Api } from './api.js';

/** The id of the only broker, which is leader and controller of everything. */
export const NODE = 1;

export const metadata: Api = {
  name: 'Metadata',
  key: 3,
  version: 6,
  handle(request, { broker, address }) {
    const topics = request.nullableArray(() => request.string()) ?? broker.topics.names;
    const mayCreate = request.boolean();
    const response = new WireWriter().int32(0); // throttle time
    response.array([address], ({ host, port }) => response.int32(NODE).string(host).int32(port).string(null));
    response.string('dev-kafka').int32(NODE);
    return response.array(topics, (topic) => {
      const error = errorCodeOf(() => {
        if (broker.topics.find(topic)) return;
        broker.topics.checkName(topic);
        if (mayCreate) broker.topics.create(topic);
        // Also when it has been made just now, as Kafka does: whoever asks again finds it.
        throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `There was no topic "${topic}"`);
      });
      response.int16(error).string(topic).boolean(false); // not an internal topic
      response.array(error ? [] : [...(broker.topics.find(topic)?.keys() ?? [])], (partition) => {
        const nodes = (ids: number[]) => response.array(ids, (id) => response.int32(id));
        response.int16(0).int32(partition).int32(NODE);
        nodes([NODE]); // replicas
        nodes([NODE]); // of these, in sync
        nodes([]); // of these, offline
      });
    });
  },
};

/** Every group and every transactional id is coordinated here. */
export const findCoordinator: Api = {
  name: 'FindCoordinator',
  key: 10,
  version: 2,
  handle(_request, { address }) {
    const response = new WireWriter().int32(0).int16(0).string(null); // throttle time, error, its message
    return response.int32(NODE).string(address.host).int32(address.port);
  },
};
