import { Compose, run } from '@trellis/docker';
import { freePort } from '@trellis/launch';
import { join } from 'node:path';
import { startShared } from './platform.setup.js';
import { kafkaBrokers } from '../../tools/real/servers.config.js';

/** The same platform, with a real Kafka instead of the stand-in: that of KAFKA_BROKERS, or else one in a container. */
export default async function setup(_, { globals }) {
  const brokers = kafkaBrokers || (await startKafka());
  globals.realKafka = brokers.split(',')[0];
  const broker = { KAFKA_BROKERS: brokers };
  return startShared(globals, { extra: { user: broker, blog: broker } });
}

async function startKafka() {
  const port = await freePort();
  Object.assign(process.env, { COMPOSE_PROJECT_NAME: `trellis-kafka-${process.pid}`, KAFKA_PORT: `${port}` });
  globalThis.kafka = new Compose(run, join(import.meta.dirname, 'kafka.override.yaml')); // for the teardown
  await globalThis.kafka.ask('up', '--detach', '--wait', 'kafka');
  return `127.0.0.1:${port}`;
}
