/** Addresses of real servers for `npm run test:real`; empty where there is none. */
export const kafkaBrokers = process.env.KAFKA_BROKERS ?? '';

/** A Jaeger's query API and where it takes spans, given by both or by neither; undefined: the check starts its own. */
export const realJaeger =
  process.env.JAEGER_URL && process.env.OTLP_URL
    ? { jaegerUrl: process.env.JAEGER_URL, otlpUrl: process.env.OTLP_URL, jaegerOtlpUrl: process.env.OTLP_URL }
    : undefined;
