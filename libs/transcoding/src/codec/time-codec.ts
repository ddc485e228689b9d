import { dateFromDays, daysFromDate, daysInMonth } from './calendar.js';
import type { MessageCodec } from './codec.js';
import { half } from './integer64.js';
import { MINUS, QUOTE, ZERO } from './json-reader.js';
import type { JsonWriter } from './json-writer.js';
import { refuse } from './refused.js';
import type { WireReader } from './wire-reader.js';
import type { WireWriter } from './wire-writer.js';

const DAY = 86_400;
/** Seconds of the first and the last instant that proto3 JSON knows, 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
const FIRST = -62_135_596_800;
const LAST = 253_402_300_799;
/** Some 10,000 years, in seconds. */
const LONGEST = 315_576_000_000;

const DASH = 0x2d;
const COLON = 0x3a;
const POINT = 0x2e;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const LETTER_S = 0x73;

const SECONDS = 0x08;
const NANOS = 0x10;

/** The fields of the last Timestamp or Duration that was read. */
const moment = { seconds: 0, nanos: 0 };

/** `google.protobuf.Timestamp`: RFC 3339, in UTC when written. */
export const timestampCodec: MessageCodec = {
  takesNull: false,
  toWire(json, wire) {
    json.string();
    const { from, to } = json;
    const text = json.text.bytes;
    const at = readFraction(text, from + 19);
    const zone = text[at] === LETTER_Z ? 0 : readOffset(text, at);
    if (at + (text[at] === LETTER_Z ? 1 : 6) !== to) refuse();
    moment.seconds = readDate(text, from) * DAY + readTime(text, from + 11) - zone;
    if (moment.seconds < FIRST || moment.seconds > LAST) refuse();
    writeMoment(wire);
  },
  toJson(wire, json) {
    readMoment(wire);
    const { seconds, nanos } = moment;
    if (seconds < FIRST || seconds > LAST || nanos < 0 || nanos >= 1e9) refuse();
    const days = Math.floor(seconds / DAY);
    const rest = seconds - days * DAY;
    const { year, month, day } = dateFromDays(days);
    json.byte(QUOTE);
    json.padded(year, 4);
    json.byte(DASH);
    json.padded(month, 2);
    json.byte(DASH);
    json.padded(day, 2);
    json.byte(LETTER_T);
    json.padded((rest / 3600) | 0, 2);
    json.byte(COLON);
    json.padded(((rest / 60) | 0) % 60, 2);
    json.byte(COLON);
    json.padded(rest % 60, 2);
    writeFraction(json, nanos);
    json.byte(LETTER_Z);
    json.byte(QUOTE);
  },
};

/** `google.protobuf.Duration`: seconds with a fraction, and an s. */
export const durationCodec: MessageCodec = {
  takesNull: false,
  toWire(json, wire) {
    json.string();
    const { from, to } = json;
    const text = json.text.bytes;
    const isNegative = text[from] === MINUS;
    let at = isNegative ? from + 1 : from;
    const first = at;
    while (isDigit(text[at])) at++;
    if (at === first || at - first > 12) refuse();
    const seconds = readDigits(text, first, at - first);
    if (seconds > LONGEST) refuse();
    at = readFraction(text, at);
    if (text[at] !== LETTER_S || at + 1 !== to) refuse();
    moment.seconds = isNegative ? -seconds : seconds;
    if (isNegative) moment.nanos = -moment.nanos;
    writeMoment(wire);
  },
  toJson(wire, json) {
    readMoment(wire);
    const { seconds, nanos } = moment;
    if (Math.abs(seconds) > LONGEST || Math.abs(nanos) >= 1e9 || seconds * nanos < 0) refuse();
    json.byte(QUOTE);
    if (seconds < 0 || nanos < 0) json.byte(MINUS);
    json.integer(Math.abs(seconds));
    writeFraction(json, Math.abs(nanos));
    json.byte(LETTER_S);
    json.byte(QUOTE);
  },
};

/** `2026-01-31T` as days from 1970-01-01. */
function readDate(text: Uint8Array, at: number): number {
  const year = readDigits(text, at, 4);
  const month = readDigits(text, at + 5, 2);
  const day = readDigits(text, at + 8, 2);
  if (text[at + 4] !== DASH || text[at + 7] !== DASH || text[at + 10] !== LETTER_T) refuse();
  if (day < 1 || day > daysInMonth(year, month)) refuse();
  return daysFromDate(year, month, day);
}

/** `12:34:56` in seconds. */
function readTime(text: Uint8Array, at: number): number {
  const seconds = readDigits(text, at + 6, 2);
  if (text[at + 5] !== COLON || seconds > 59) refuse();
  return readHours(text, at) + seconds;
}

/** `12:34` in seconds. */
function readHours(text: Uint8Array, at: number): number {
  const hours = readDigits(text, at, 2);
  const minutes = readDigits(text, at + 3, 2);
  if (text[at + 2] !== COLON || hours > 23 || minutes > 59) refuse();
  return hours * 3600 + minutes * 60;
}

/** `+01:00` in seconds. */
function readOffset(text: Uint8Array, at: number): number {
  const sign = text[at];
  if (sign !== 0x2b && sign !== MINUS) refuse();
  const offset = readHours(text, at + 1);
  return sign === MINUS ? -offset : offset;
}

/** Reads `.5` into `moment.nanos`, if it is there, and gives where it ends. */
function readFraction(text: Uint8Array, start: number): number {
  moment.nanos = 0;
  if (text[start] !== POINT) return start;
  let at = start + 1;
  while (isDigit(text[at])) at++;
  const size = at - start - 1;
  if (size < 1 || size > 9) refuse();
  moment.nanos = readDigits(text, start + 1, size) * 10 ** (9 - size);
  return at;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= ZERO + 9;

function readDigits(text: Uint8Array, start: number, size: number): number {
  let value = 0;
  for (let at = start; at < start + size; at++) {
    const digit = (text[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) refuse();
    value = value * 10 + digit;
  }
  return value;
}

/** None, or 3, 6 or 9 digits. */
function writeFraction(json: JsonWriter, nanos: number): void {
  if (nanos === 0) return;
  json.byte(POINT);
  if (nanos % 1e6 === 0) json.padded(nanos / 1e6, 3);
  else if (nanos % 1e3 === 0) json.padded(nanos / 1e3, 6);
  else json.padded(nanos, 9);
}

function writeMoment(wire: WireWriter): void {
  const { seconds, nanos } = moment;
  if (seconds !== 0) {
    wire.byte(SECONDS);
    wire.varint64(seconds >>> 0, Math.floor(seconds / 2 ** 32));
  }
  if (nanos !== 0) {
    wire.byte(NANOS);
    wire.varint64(nanos, nanos < 0 ? -1 : 0);
  }
}

function readMoment(wire: WireReader): void {
  moment.seconds = 0;
  moment.nanos = 0;
  while (wire.at < wire.end) {
    const tag = wire.tag();
    if (tag === SECONDS) {
      wire.varint64();
      moment.seconds = (half.high | 0) * 2 ** 32 + half.low;
    } else if (tag === NANOS) moment.nanos = wire.varint() | 0;
    else if (tag >>> 3 < 3) refuse();
    else wire.skip(tag & 7);
  }
}
