import type { Kafka, KafkaRecord, ReceivedRecord } from './kafka.js';

/** Where a topic's events go that a consumer could not handle. */
const deadLetterTopic = (topic: string): string => `${topic}.dlq`;

/** Long enough to know the error by, short enough for a header. */
const LONGEST_ERROR = 500;

/** The record as it came, with what is needed to find its place and its trouble again. */
export function deadLetter(record: ReceivedRecord, group: string, error: unknown): KafkaRecord {
  return {
    topic: deadLetterTopic(record.topic),
    key: record.key,
    value: record.value,
    headers: {
      ...record.headers,
      dlq_group: group,
      dlq_topic: record.topic,
      dlq_partition: String(record.partition),
      dlq_offset: record.offset,
      dlq_error: String(error).slice(0, LONGEST_ERROR),
    },
  };
}

/** Resolves when the broker has it. */
export async function putAside(kafka: Kafka, letter: KafkaRecord): Promise<void> {
  await kafka.ensureTopics([letter.topic]);
  await kafka.send([letter]);
}
