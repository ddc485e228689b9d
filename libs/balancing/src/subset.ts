import type { Candidate } from './endpoint.js';
import { hashOf, mix } from './hash.js';

export interface SubsetOptions {
  /** How many endpoints this caller keeps to; at least 1. */
  readonly size: number;
  /** Names this caller: the same name, the same part. */
  readonly client: string;
}

/**
 * The part of a large pool that one caller keeps to, so that thousands of callers do not each hold a connection to
 * thousands of instances. Rendezvous hashing (D. Thaler and C. Ravishankar, 1998; gRPC's choice for this in its proposal
 * A68): each caller ranks all by a hash of both names and takes the first. When one leaves, only its callers take another
 * one; an instance has size × callers / instances callers on average, with the spread of a fair draw.
 */
export function subset<T extends Candidate>(candidates: readonly T[], { size, client }: SubsetOptions): readonly T[] {
  if (candidates.length <= size) return candidates;
  const seed = hashOf(client);
  const ranked = candidates.map((candidate) => ({ candidate, rank: mix(seed ^ hashOf(candidate.id)) }));
  ranked.sort((a, b) => a.rank - b.rank || (a.candidate.id < b.candidate.id ? -1 : 1));
  const kept = new Set(ranked.slice(0, Math.max(1, size)).map(({ candidate }) => candidate));
  // In the order of the list, which strategies go by.
  return candidates.filter((candidate) => kept.has(candidate));
}
