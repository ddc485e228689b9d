/** Addresses of real servers for `npm run test:real`; empty where there is none. */
export const kafkaBrokers = process.env.KAFKA_BROKERS ?? '';
