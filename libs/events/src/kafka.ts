/** One message as it lies in a topic. Headers are text. */
export interface KafkaRecord {
  readonly topic: string;
  /** Records with the same key keep their order. */
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ReceivedRecord extends KafkaRecord {
  readonly partition: number;
  readonly offset: string;
}

export interface Subscription {
  readonly group: string;
  /** Created when missing. */
  readonly topics: readonly string[];
  /**
   * Called for each record, one at a time per partition; the offset is committed after it resolves. A rejection has the
   * record delivered again. `keepAlive` tells the broker that a slow call is still at work: call it between steps, and
   * let its rejection pass (the partition has gone to another member).
   */
  readonly receive: (record: ReceivedRecord, keepAlive: () => Promise<void>) => Promise<void>;
}

/** What this platform needs of Kafka, and all that the rest of the code knows of it. */
export interface Kafka {
  /** Resolves when the broker answers, rejects when it does not within 1.5 seconds. For health checks. */
  ping(): Promise<void>;
  /** Creates those topics that are missing. */
  ensureTopics(topics: readonly string[]): Promise<void>;
  /** Resolves when every in-sync replica has all records. Each topic and key keeps the order of the list. */
  send(records: readonly KafkaRecord[]): Promise<void>;
  /** Follows the topics from their beginning until `stop`, through every absence of the broker. */
  subscribe(subscription: Subscription): { stop(): Promise<void> };
  /** Ends the connections; subscriptions are stopped by those who made them. */
  close(): Promise<void>;
}
