import { startShared } from './platform.setup.js';
import { kafkaBrokers } from '../../tools/real/servers.config.js';

/** The same platform, with a real Kafka instead of the stand-in. */
export default function setup(_, { globals }) {
  const broker = { KAFKA_BROKERS: kafkaBrokers };
  return startShared(globals, { extra: { user: broker, blog: broker } });
}
