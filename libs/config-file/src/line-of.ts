import { type Document, type LineCounter, isMap, isScalar, isSeq } from 'yaml';

/**
 * The line of the key or the list item at a path, or of the nearest thing around it; undefined when there is none. What is
 * within an alias is placed where the alias stands.
 */
export function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const step of path) {
    const found = isMap(node) ? entryOf(node.items, step) : isSeq(node) ? itemOf(node.items, step) : undefined;
    if (!found) break;
    ({ node } = found);
    offset = found.offset ?? offset;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

interface Place {
  readonly node: unknown;
  readonly offset: number | undefined;
}

function entryOf(pairs: readonly { key: unknown; value: unknown }[], step: PropertyKey): Place | undefined {
  const pair = pairs.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair && { node: pair.value, offset: offsetOf(pair.key) };
}

function itemOf(items: readonly unknown[], step: PropertyKey): Place | undefined {
  const node = items[Number(step)];
  return node === undefined ? undefined : { node, offset: offsetOf(node) };
}

const offsetOf = (node: unknown): number | undefined => (node as { range?: readonly number[] | null }).range?.[0];
