import { type DescMessage, type JsonValue, fromBinary, fromJson, toBinary, toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@trellis/testing';
import { Codecs } from './codecs.js';
import { PREPARED, RARE, everyKind, kind } from './every-kind.fixture.js';
import { JsonReader } from './json-reader.js';
import { UnreadableJson, parseJson } from './json-value.js';
import { JsonWriter } from './json-writer.js';
import { damaged, rearranged } from './random-bytes.fixture.js';
import { RandomJson, mistaken } from './random-json.fixture.js';
import { unlessRefused } from './refused.js';
import { WireReader } from './wire-reader.js';
import { WireWriter } from './wire-writer.js';

const codecs = new Codecs(everyKind);
const KINDS = [...PREPARED, ...RARE].map(kind);
const options = { registry: everyKind, alwaysEmitImplicit: true };

const json = { reader: new JsonReader(), writer: new JsonWriter() };
const wire = { reader: new WireReader(), writer: new WireWriter() };

/** What the prepared codec makes of JSON; undefined when it refuses. */
const toWire = (desc: DescMessage, text: string): Uint8Array | undefined =>
  unlessRefused(() => {
    json.reader.start(Buffer.from(text));
    wire.writer.start();
    codecs.message(desc).toWire(json.reader, wire.writer);
    json.reader.finish();
    return wire.writer.finish();
  });

/** What it makes of bytes. */
const toText = (desc: DescMessage, bytes: Uint8Array): string | undefined =>
  unlessRefused(() => {
    wire.reader.start(bytes);
    json.writer.start();
    codecs.message(desc).toJson(wire.reader, json.writer);
    return Buffer.from(json.writer.finish()).toString();
  });

/** Keys of one escaped character, which the JSON.parse of Node 24.21 and 26.10 mistakes for others. */
const MISREAD = /"\\(?:[^u]|u[0-9a-f]{4})"\s*:/i;
const oracleParse = (text: string): JsonValue =>
  MISREAD.test(text) ? parseJson(Buffer.from(text)) : (JSON.parse(text) as JsonValue);

const orUndefined = <T>(run: () => T): T | undefined => {
  try {
    return run();
  } catch {
    return undefined;
  }
};
const oracleBytes = (desc: DescMessage, text: string): Uint8Array | undefined =>
  orUndefined(() => toBinary(desc, fromJson(desc, oracleParse(text), options)));
const oracleJson = (desc: DescMessage, bytes: Uint8Array): string | undefined =>
  orUndefined(() => JSON.stringify(toJson(desc, fromBinary(desc, bytes), options)));

const hex = (bytes: Uint8Array = new Uint8Array()): string => Buffer.from(bytes).toString('hex');
/** The message in the one form in which protobuf-es writes it. */
const canonical = (desc: DescMessage, bytes: Uint8Array): string => hex(toBinary(desc, fromBinary(desc, bytes)));
/** JSON whose order of keys does not count. */
const sorted = (text: string): string =>
  JSON.stringify(parseJson(Buffer.from(text)), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
      : value,
  );

/** Runs a check on random JSON of each kind of message in turn; the seed is part of what is told when it fails. */
function forEachText(
  texts: number,
  seed: number,
  check: (desc: DescMessage, text: string, draw: RandomJson) => void,
): void {
  const draw = new RandomJson(seededRandom(seed));
  for (let run = 0; run < texts; run++) {
    const desc = KINDS[run % KINDS.length] as DescMessage;
    const text = draw.message(desc);
    try {
      check(desc, text, draw);
    } catch (error) {
      throw new Error(`run ${run} of seed ${seed}, ${desc.typeName}: ${text}`, { cause: error });
    }
  }
}

/** The same with variants of each text's bytes as protobuf-es writes them. */
function forEachBytes(
  texts: number,
  variants: number,
  seed: number,
  vary: (bytes: Uint8Array, desc: DescMessage, draw: RandomJson) => Uint8Array,
  check: (desc: DescMessage, bytes: Uint8Array) => void,
): void {
  forEachText(texts, seed, (desc, text, draw) => {
    const bytes = oracleBytes(desc, text) as Uint8Array;
    for (let count = 0; count < variants; count++) check(desc, vary(bytes, desc, draw));
  });
}

const agree = (actual: unknown, expected: unknown): void => {
  // A call of expect costs more than what is compared.
  if (actual !== expected) expect(actual).toBe(expected);
};

/** Both are JSON, and the same but for the order of keys. */
const agreeAsJson = (actual: string | undefined, expected: string | undefined): void => {
  if (actual !== expected) agree(actual && sorted(actual), expected && sorted(expected));
};

describe('the prepared codecs and protobuf-es', () => {
  it('make the same message of JSON, and the same JSON of it again', () => {
    forEachText(25_000, 1, (desc, text) => {
      const expected = oracleBytes(desc, text) as Uint8Array;
      const bytes = toWire(desc, text) as Uint8Array;
      agree(canonical(desc, bytes), hex(expected));
      const answer = oracleJson(desc, expected);
      agreeAsJson(toText(desc, expected), answer);
      agreeAsJson(toText(desc, bytes), answer);
    });
  });

  it('refuse the same JSON, but for what only protobuf-es takes', () => {
    let taken = 0;
    let refused = 0;
    const check = (desc: DescMessage, text: string): void => {
      const expected = oracleBytes(desc, text);
      const bytes = toWire(desc, text);
      if (bytes) agree(canonical(desc, bytes), expected && hex(expected));
      else if (expected) agree(readAgain(desc, text), hex(expected));
      if (expected) taken++;
      else refused++;
    };
    /** What a codec refuses is read again: only our own reading of JSON could make a difference then. */
    const readAgain = (desc: DescMessage, text: string): string => {
      try {
        return hex(toBinary(desc, fromJson(desc, parseJson(Buffer.from(text)), options)));
      } catch (error) {
        if (error instanceof UnreadableJson && STRICTER.has(error.message)) return hex(oracleBytes(desc, text));
        throw error;
      }
    };
    forEachText(12_000, 2, (desc, text, draw) => {
      for (let count = 0; count < 3; count++) check(desc, mistaken(text, draw));
    });
    // A test of mistakes that are none, or of nothing else, would be no test.
    expect(taken).toBeGreaterThan(5_000);
    expect(refused).toBeGreaterThan(5_000);
  });

  it('make the same JSON of bytes in any order, with unknown fields and fields that come again', () => {
    let refused = 0;
    forEachBytes(7_000, 2, 3, rearranged, (desc, bytes) => {
      const answer = toText(desc, bytes);
      if (answer === undefined) refused++;
      else agreeAsJson(answer, oracleJson(desc, bytes));
    });
    // Fields of which there may be one, keys that come twice, and groups.
    expect(refused).toBeLessThan(5_000);
  });

  it('refuse the same damaged bytes', () => {
    let taken = 0;
    forEachBytes(7_000, 4, 4, damaged, (desc, bytes) => {
      const answer = toText(desc, bytes);
      if (answer === undefined) return;
      agreeAsJson(answer, oracleJson(desc, bytes));
      taken++;
    });
    expect(taken).toBeGreaterThan(5_000);
  });
});

/** What our reading of JSON refuses and JSON.parse does not. */
const STRICTER = new Set(['is given twice', 'has half of a surrogate pair', 'is too large a number']);
