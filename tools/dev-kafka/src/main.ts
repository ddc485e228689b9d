import { createLogger } from '@trellis/telemetry';
import { readConfig } from './config.js';
import { PortInUse } from './server/listen.js';
import { startDevKafka } from './start-dev-kafka.js';

try {
  const kafka = await startDevKafka({ ...readConfig(), logger: createLogger({ name: 'dev-kafka' }) });
  const end = (): void => {
    kafka.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', end).once('SIGINT', end).once('disconnect', end);
  // A launcher that has gone meanwhile cannot be told: then nobody needs us.
  process.send?.({ type: 'ready', addresses: { kafka: kafka.address } }, (error: Error | null) => error && end());
} catch (error) {
  const hint = error instanceof PortInUse ? ': set DEV_KAFKA_PORT to another one' : '';
  console.error(`${error instanceof Error ? error.message : String(error)}${hint}`);
  process.exit(1);
}
