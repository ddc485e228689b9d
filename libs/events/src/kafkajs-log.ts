import type { Logger } from '@trellis/telemetry';
import type { LogEntry, logCreator } from 'kafkajs';

/**
 * Parts of kafkajs that log as errors what they then retry, or throw to us, and ordinary rebalances too. What they throw
 * is logged where it is caught, once.
 */
const TOLD_ELSEWHERE = new Set([
  'Connection',
  'BrokerPool',
  'Broker',
  'Consumer',
  'ConsumerGroup',
  'Runner',
  'Producer',
]);

/** Sends kafkajs's own log through ours. Its INFO is chatter. */
export function kafkajsLog(logger: Logger): logCreator {
  return () =>
    ({ namespace, label, log }: LogEntry) => {
      const { message, timestamp: _timestamp, logger: _logger, ...fields } = log;
      const quiet = TOLD_ELSEWHERE.has(namespace) || label === 'INFO' || label === 'DEBUG';
      logger[quiet ? 'debug' : 'warn']({ kafkajs: { namespace, ...fields } }, message);
    };
}
