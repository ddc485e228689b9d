import { type DescField, type DescMessage, type JsonValue, type Registry } from '@bufbuild/protobuf';
import { MAX_DEPTH } from './codec/refused.js';
import { strictFromJson } from './codec/strict-from-json.js';
import { describeMessage, describeType } from './describe-type.js';
import type { JsonPath } from './json-pointer.js';
import { fieldsOf, isPlain } from './message-field.js';
import { isObject } from './parameter.js';

/** A place in the JSON and what is wrong there, worded to follow its name. */
export interface WrongPlace {
  readonly path: JsonPath;
  readonly detail: string;
}

/** Nobody reads more, and the answer stays small. */
const MAX_PLACES = 50;

/**
 * Every place that keeps the JSON from being the message, for when reading it has failed. The parser stops at its first
 * complaint and names no place, so it is asked again for each part alone: what it takes and what this reports agree.
 */
export function findWrongPlaces(message: DescMessage, json: JsonValue, registry: Registry): WrongPlace[] {
  const places: WrongPlace[] = [];
  const report = (path: JsonPath, detail: string): void => {
    if (places.length < MAX_PLACES) places.push({ path, detail });
  };
  const isFull = (): boolean => places.length >= MAX_PLACES;
  /** `depth` says how deep the message is, the whole being 1. */
  const reads = (desc: DescMessage, value: JsonValue, depth: number): boolean => {
    try {
      strictFromJson(desc, value, { registry, recursionLimit: MAX_DEPTH - depth + 1 });
      return true;
    } catch {
      return false;
    }
  };

  const inMessage = (desc: DescMessage, value: JsonValue, path: JsonPath, depth: number): void => {
    if (depth > MAX_DEPTH) return report(path, 'is nested too deeply');
    if (!isPlain(desc)) return reads(desc, value, depth) ? undefined : report(path, describeMessage(desc));
    if (!isObject(value)) return report(path, 'must be an object');
    const seen = new Map<DescField | NonNullable<DescField['oneof']>, string>();
    for (const [key, member] of Object.entries(value)) {
      const at = [...path, key];
      const field = fieldsOf(desc).get(key);
      const same = field && (seen.get(field) ?? (field.oneof && member !== null ? seen.get(field.oneof) : undefined));
      if (isFull()) return;
      if (!field) report(at, 'is not a known field');
      else if (same !== undefined) report(at, `cannot be given together with ${same}`);
      else if (member !== null) inField(desc, field, member, at, depth);
      if (field) seen.set(field, key);
      if (field?.oneof && member !== null) seen.set(field.oneof, key);
    }
  };

  const inField = (desc: DescMessage, field: DescField, value: JsonValue, path: JsonPath, depth: number): void => {
    const alone = (part: JsonValue): boolean => reads(desc, { [field.jsonName]: part }, depth);
    if (field.fieldKind === 'list') {
      if (!Array.isArray(value)) return report(path, 'must be an array');
      const entries = value.map((element, index) => ({ element, at: [...path, index] }));
      const good = (some: typeof entries): boolean => alone(some.map(({ element }) => element));
      eachBad(entries, good, isFull, ({ element, at }) => inElement(field, element, at, depth));
    } else if (field.fieldKind === 'map') {
      if (!isObject(value)) return report(path, 'must be an object');
      const good = (some: [string, JsonValue][]): boolean => alone(Object.fromEntries(some));
      eachBad(Object.entries(value), good, isFull, ([key, element]) =>
        inElement(field, element, [...path, key], depth),
      );
    } else if (field.fieldKind === 'message') {
      inMessage(field.message, value, path, depth + 1);
    } else if (!alone(value)) {
      report(path, describeType(field));
    }
  };

  /** A bad element of a list or map. A map's key may be what is wrong: then its value has nothing to report. */
  const inElement = (field: DescField, element: JsonValue, path: JsonPath, depth: number): void => {
    const before = places.length;
    if (field.message && element !== null) inMessage(field.message, element, path, depth + 1);
    if (places.length > before) return;
    report(path, field.fieldKind === 'map' && field.message ? 'has a key of the wrong type' : describeType(field));
  };

  inMessage(message, json, [], 1);
  return places.length > 0 ? places : [{ path: [], detail: 'cannot be read' }];
}

/** Halves what is not good until the bad ones stand alone: a long list with one bad element costs little. */
function eachBad<T>(all: T[], good: (some: T[]) => boolean, enough: () => boolean, found: (one: T) => void): void {
  if (enough() || good(all)) return;
  const [only] = all;
  if (all.length === 1 && only !== undefined) return found(only);
  const middle = all.length >> 1;
  eachBad(all.slice(0, middle), good, enough, found);
  eachBad(all.slice(middle), good, enough, found);
}
