import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { JsonPath } from '../json-pointer.js';
import { setOwn } from '../parameter.js';
import { CLOSE_LIST, CLOSE_OBJECT, COLON, JsonReader, OPEN_LIST, OPEN_OBJECT, QUOTE } from './json-reader.js';
import { REFUSED } from './refused.js';

/**
 * Objects and lists inside of each other. A message takes part in at most two of them, itself and the list or map that it
 * is in, and messages are read 100 deep.
 */
const MAX_NESTING = 256;

/** JSON that cannot be read, and where: the path is of the value, or undefined when it is the text that is no JSON. */
export class UnreadableJson extends Error {
  readonly path: JsonPath | undefined;

  constructor(path: JsonPath | undefined, detail: string) {
    super(detail);
    this.path = path;
  }
}

const json = new JsonReader();

/**
 * Reads JSON text as JSON.parse does, whose bug with short keys that have escapes it does not share, and stricter: no
 * doubled keys, no halves of surrogate pairs and no numbers that are too large (RFC 7493, section 2). Throws UnreadableJson.
 */
export function parseJson(bytes: Uint8Array): JsonValue {
  // A byte order mark is nobody's fault.
  json.start(bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes);
  const path: (string | number)[] = [];
  try {
    const value = readValue(json, path);
    json.finish();
    return value;
  } catch (error) {
    if (error !== REFUSED) throw error;
    if (json.reason !== undefined) throw new UnreadableJson(path, json.reason);
    const place = json.at < json.end ? `wrong character at byte ${json.at + 1}` : 'it ends too early';
    throw new UnreadableJson(undefined, `is not valid JSON: ${place}`);
  }
}

/** Reads one value. Where it is refused, `path` leads to it. */
export function readValue(json: JsonReader, path: (string | number)[]): JsonValue {
  if (path.length > MAX_NESTING) json.refuse('is nested too deeply');
  switch (json.peek()) {
    case OPEN_OBJECT:
      return readObject(json, path);
    case OPEN_LIST:
      return readList(json, path);
    case QUOTE:
      json.string();
      return json.decoded();
    case 0x74:
      json.literal('true');
      return true;
    case 0x66:
      json.literal('false');
      return false;
    case 0x6e:
      json.literal('null');
      return null;
    default:
      return json.number();
  }
}

function readObject(json: JsonReader, path: (string | number)[]): JsonObject {
  const object: JsonObject = {};
  json.at++;
  if (json.peek() === CLOSE_OBJECT) {
    json.at++;
    return object;
  }
  do {
    json.string();
    const key = json.decoded();
    path.push(key);
    if (Object.hasOwn(object, key)) json.refuse('is given twice');
    json.expect(COLON);
    const value = readValue(json, path);
    setOwn(object, key, value);
    path.pop();
  } while (json.more(CLOSE_OBJECT));
  return object;
}

function readList(json: JsonReader, path: (string | number)[]): JsonValue[] {
  const list: JsonValue[] = [];
  json.at++;
  if (json.peek() === CLOSE_LIST) {
    json.at++;
    return list;
  }
  do {
    path.push(list.length);
    list.push(readValue(json, path));
    path.pop();
  } while (json.more(CLOSE_LIST));
  return list;
}
