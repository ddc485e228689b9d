/**
 * Into how many parts an outbox is divided. A shard is relayed by one instance at a time, so this bounds how many of them
 * can publish at once. Stored with the rows: it may grow, never shrink.
 */
export const SHARDS = 8;

/** Shard of an aggregate: FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) of its key's UTF-8, modulo `SHARDS`. */
export function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % SHARDS;
}
