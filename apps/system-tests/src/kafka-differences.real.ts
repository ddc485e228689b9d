import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DevKafka, startDevKafka } from '@trellis/dev-kafka';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AskedKafka, type Question } from './asked-kafka.js';
import { differences } from './differences.js';
import { QUESTIONS } from './kafka-questions.js';
import { apiVersions } from './kafka-wire.js';

declare global {
  // "host:port" of Apache Kafka, from apache-kafka.setup.js.
  var realKafka: string;
}

/** Where the stand-in is known to answer otherwise, with the Kafka of docker/compose.yaml, and why that is well. */
const KNOWN: Readonly<Record<string, string>> = {
  'the number of partitions that nobody said':
    'three: what holds with one partition only is found out here, and not when there are more',
  'settings of a new topic.described': 'settings are checked and not used',
  'settings are described.topic': 'no setting can be changed, which they say',
  'settings are described.broker': 'a broker has no settings of its own',
  'settings are changed': 'no setting can be changed; kafkajs finds that out before it asks',
  'topics are listed.internal': 'offsets and transactions are in a journal, not in topics',
  'rules of access': 'they are switched off in Kafka, and not there in the stand-in',
  'sessions that are too short or too long.short': 'short sessions make tests quick',
};

/** Of one question: a record too many moves all that follow. */
const SHOWN = 10;
const RUN = `differences-${randomUUID().slice(0, 8)}`;
const knownFor = (difference: string): string | undefined =>
  Object.keys(KNOWN).find((path) => [':', '.'].some((end) => difference.startsWith(path + end)));

describe('dev-kafka answers as Apache Kafka does', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'dev-kafka-'));
  const real = globalThis.realKafka;
  const found: string[] = [];
  let dev: DevKafka;
  let asked = 0;

  const answer = async (address: string, question: Question): Promise<unknown> => {
    const kafka = new AskedKafka(address, `${RUN}-${asked}`);
    try {
      return await question(kafka);
    } finally {
      await kafka.end();
    }
  };

  beforeAll(async () => {
    dev = await startDevKafka({ dataDir });
  });
  afterAll(async () => {
    await dev.stop();
    rmSync(dataDir, { recursive: true, force: true });
    await tidyUp(new AskedKafka(real, RUN));
  });

  it.each(Object.entries(QUESTIONS))('about %s', async (_theme, questions) => {
    const unknown: string[] = [];
    for (const [what, question] of Object.entries(questions)) {
      asked += 1;
      const [theirs, ours] = await Promise.all([answer(real, question), answer(dev.address, question)]);
      const all = differences(theirs, ours, what);
      const differing = all.slice(0, SHOWN);
      if (all.length > SHOWN) differing.push(`${what}: and ${all.length - SHOWN} more`);
      found.push(...differing);
      unknown.push(...differing.filter((difference) => knownFor(difference) === undefined));
    }
    expect(unknown).toEqual([]);
  });

  it('where it is known to answer otherwise, it still does', () => {
    const seen = new Set(found.map(knownFor));
    console.log(
      [
        `${asked} questions, ${found.length} differences, Apache Kafka's answer first:`,
        ...found.map((difference) => `${difference} (${KNOWN[knownFor(difference) ?? ''] ?? 'not known'})`),
      ].join('\n'),
    );
    expect(Object.keys(KNOWN).filter((path) => !seen.has(path))).toEqual([]);
  });

  it('and knows no request in a version that Apache Kafka does not know', async () => {
    const [theirs, ours] = await Promise.all([real, dev.address].map((address) => apiVersions(address, 0)));
    const ranges = new Map(theirs?.ranges.map((range) => [range.key, range]));
    const beyond = ours?.ranges.filter(({ key, min, max }) => {
      const range = ranges.get(key);
      return range === undefined || range.min > min || range.max < max;
    });
    expect(beyond).toEqual([]);
    const lacking = [...ranges.keys()].filter((key) => !ours?.ranges.some((range) => range.key === key));
    console.log(
      `Apache Kafka knows ${ranges.size} requests, the stand-in ${ours?.ranges.length}, each in the version of kafkajs; ` +
        `it lacks ${lacking.map(nameOf).join(', ')}`,
    );
  });
});

/** The names of requests that kafkajs has, which does not export them; otherwise the key. */
function nameOf(key: number): string {
  const names = createRequire(import.meta.url)('kafkajs/src/protocol/requests/apiKeys.js') as Record<string, number>;
  return Object.keys(names).find((name) => names[name] === key) ?? `${key}`;
}

/** Leaves nothing in a broker that may be somebody's. */
async function tidyUp(kafka: AskedKafka): Promise<void> {
  const admin = await kafka.admin();
  const own = (name: string): boolean => name.startsWith(kafka.prefix);
  const { groups } = await admin.listGroups();
  await admin.deleteGroups(groups.map(({ groupId }) => groupId).filter(own));
  await admin.deleteTopics({ topics: (await admin.listTopics()).filter(own) });
  await kafka.end();
}
