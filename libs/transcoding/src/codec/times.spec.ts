import { type DescMessage, createRegistry, fromJson, toBinary } from '@bufbuild/protobuf';
import { AnySchema, DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@trellis/testing';
import { JsonReader } from './json-reader.js';
import type { MessageCodec } from './codec.js';
import { unlessRefused } from './refused.js';
import { strictFromJson } from './strict-from-json.js';
import { durationCodec, timestampCodec } from './time-codec.js';
import { WireWriter } from './wire-writer.js';

const registry = createRegistry(TimestampSchema, DurationSchema, AnySchema);
const json = new JsonReader();
const wire = new WireWriter();

/** What the prepared codec makes of a text; undefined when it refuses. */
const prepared = (codec: MessageCodec, text: string): string | undefined =>
  unlessRefused(() => {
    json.start(Buffer.from(JSON.stringify(text)));
    wire.start();
    codec.toWire(json, wire);
    json.finish();
    return Buffer.from(wire.finish()).toString('hex');
  });

const orUndefined = (read: () => Uint8Array): string | undefined => {
  try {
    return Buffer.from(read()).toString('hex');
  } catch {
    return undefined;
  }
};
const strict = (desc: DescMessage, text: string) =>
  orUndefined(() => toBinary(desc, strictFromJson(desc, text, { registry })));
const lax = (desc: DescMessage, text: string) => orUndefined(() => toBinary(desc, fromJson(desc, text)));

/** The date that is said is the one that `Date` then has: the 30th of February is the 2nd of March to it. */
function isRealDate(text: string): boolean {
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
}

describe('a Timestamp', () => {
  it.each([
    ...[
      '2024-02-29T00:00:00Z',
      '2000-02-29T23:59:59.999999999Z',
      '2026-12-31T23:59:59+23:59',
      '2026-01-01T00:00:00-00:00',
    ],
    ...[
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999999999Z',
      '0001-01-01T01:00:00+01:00',
      '9999-12-31T22:59:59-01:00',
    ],
  ])('may be %s', (text) => {
    expect(strict(TimestampSchema, text)).toBeDefined();
    expect([prepared(timestampCodec, text), lax(TimestampSchema, text)]).toEqual(
      Array(2).fill(strict(TimestampSchema, text)),
    );
  });

  it.each([
    ...['2026-02-30T00:00:00Z', '2023-02-29T00:00:00Z', '1900-02-29T00:00:00Z', '2026-04-31T00:00:00Z'],
    ...['2026-00-10T00:00:00Z', '2026-13-10T00:00:00Z', '2026-01-00T00:00:00Z', '2026-01-32T00:00:00Z'],
    // A leap second is none in Unix time, and 24:00 is another day's 00:00.
    ...['2016-12-31T23:59:60Z', '2026-01-31T24:00:00Z', '2026-01-31T25:00:00Z', '2026-01-31T00:60:00Z'],
    ...['2026-01-31T00:00:00+24:00', '2026-01-31T00:00:00+01:60', '2026-01-31T00:00:00+0100', '2026-01-31T00:00:00+01'],
    ...['2026-01-31T00:00:00', '2026-01-31t00:00:00Z', '2026-01-31T00:00:00z', '2026-01-31 00:00:00Z'],
    ...['2026-01-31T00:00:00.Z', '2026-01-31T00:00:00.1234567890Z', '2026-01-31T00:00Z', '2026-01-31'],
    ...['0000-12-31T23:59:59Z', '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01', '10000-01-01T00:00:00Z'],
    ...['+2026-01-31T00:00:00Z', ' 2026-01-31T00:00:00Z', '2026-01-31T00:00:00Z ', '20260131T000000Z', ''],
  ])('may not be %j', (text) => {
    expect([prepared(timestampCodec, text), strict(TimestampSchema, text)]).toEqual([undefined, undefined]);
  });

  it('is what protobuf-es reads, but for dates and hours that are none', () => {
    const random = seededRandom(7);
    const pick = <T>(...all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
    const digits = (most: number, size = 2) => String(Math.floor(random() * (most + 1))).padStart(size, '0');
    const counts = { taken: 0, laxer: 0, refused: 0 };
    for (let run = 0; run < 20_000; run++) {
      const date = `${pick('0000', '0001', '1900', '2000', '2023', '2024', '9999', digits(9999, 4))}-${digits(13)}-${digits(32)}`;
      const time = `${pick('00', '23', '24', digits(25))}:${pick('00', '59', digits(61))}:${pick('00', '59', '60', digits(61))}`;
      const zone = pick('Z', 'Z', `${pick('+', '-')}${pick('00', '23', '24', digits(25))}:${pick('00', '59', '60')}`);
      const text = `${date}T${time}${pick('', `.${digits(999, pick(1, 3, 9))}`)}${zone}`;
      const [ours, theirs] = [strict(TimestampSchema, text), lax(TimestampSchema, text)];
      if (prepared(timestampCodec, text) !== ours) expect([text, prepared(timestampCodec, text)]).toEqual([text, ours]);
      const isReal = isRealDate(text) && !time.startsWith('24') && !zone.slice(1).startsWith('24');
      if (ours !== (isReal ? theirs : undefined)) expect([text, ours]).toEqual([text, isReal ? theirs : undefined]);
      counts[ours ? 'taken' : theirs ? 'laxer' : 'refused']++;
    }
    // A test of good or of bad ones alone would be no test.
    for (const [kind, count] of Object.entries(counts)) expect([kind, count > 200]).toEqual([kind, true]);
  });
});

describe('a Duration', () => {
  it.each(['0s', '-0s', '1.5s', '-0.000000001s', '315576000000s', '-315576000000s', '007s'])('may be %s', (text) => {
    expect(strict(DurationSchema, text)).toBeDefined();
    expect(prepared(durationCodec, text)).toBe(strict(DurationSchema, text));
  });

  it.each(['1', '1 s', '1sx', '1s ', '+1s', '1.s', '.5s', '1.0000000001s', '315576000001s', '1e3s', '', 's', '1S'])(
    'may not be %j',
    (text) => {
      expect([prepared(durationCodec, text), strict(DurationSchema, text)]).toEqual([undefined, undefined]);
    },
  );
});
