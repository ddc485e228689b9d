import { readConfig } from './config.js';
import { PortTaken, startDevJaeger } from './start-dev-jaeger.js';

const VARIABLE = { jaegerPort: 'JAEGER_PORT', otlpPort: 'OTLP_PORT' } as const;

try {
  const jaeger = await startDevJaeger(readConfig());
  console.log(`Traces at ${jaeger.jaegerUrl}, spans taken at ${jaeger.otlpUrl}/v1/traces, kept in memory`);
  const end = (): void => {
    jaeger.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', end).once('SIGINT', end).once('disconnect', end);
  const addresses = { http: new URL(jaeger.jaegerUrl).host, otlp: new URL(jaeger.otlpUrl).host };
  // A launcher that has gone meanwhile cannot be told: then nobody needs us.
  process.send?.({ type: 'ready', addresses }, (error: Error | null) => error && end());
} catch (error) {
  const hint = error instanceof PortTaken ? `: set ${VARIABLE[error.option]} to another one (0 takes a free one)` : '';
  console.error(`${error instanceof Error ? error.message : String(error)}${hint}`);
  process.exit(1);
}
