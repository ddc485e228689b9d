/** Keys and indexes that lead from the root of a JSON value to a place in it. */
export type JsonPath = readonly (string | number)[];

/** JSON Pointer as a URI fragment (RFC 6901, section 6). The root is `#`. */
export function pointerTo(path: JsonPath): string {
  return [
    '#',
    ...path.map((key) => encodeURIComponent(wellFormed(key).replaceAll('~', '~0').replaceAll('/', '~1'))),
  ].join('/');
}

/** A key may hold half of a surrogate pair, which no URI can express. */
const wellFormed = (key: string | number): string => String(key).toWellFormed();
