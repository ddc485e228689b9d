import type { Question } from './asked-kafka.js';
import { groupQuestions } from './kafka-group-questions.js';
import { recordQuestions } from './kafka-record-questions.js';
import { topicQuestions } from './kafka-topic-questions.js';
import { transactionQuestions } from './kafka-transaction-questions.js';

/** The same to Apache Kafka and to dev-kafka. */
export const QUESTIONS: Readonly<Record<string, Readonly<Record<string, Question>>>> = {
  'topics and their settings': topicQuestions,
  records: recordQuestions,
  'consumer groups': groupQuestions,
  'idempotence and transactions': transactionQuestions,
};
