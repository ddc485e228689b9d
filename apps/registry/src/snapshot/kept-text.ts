import { createHash } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { InstanceSchema } from '@trellis/contracts/registry/v1';
import { z } from 'zod';
import { encoded } from '../catalogue/encoded.js';
import type { Kept, KeptState } from './kept.js';

/** Characters: some 50,000 instances, or 300 contracts. What goes beyond is announced again after a restart. */
export const MAX_TEXT = 64 * 1024 * 1024;

const base64 = z.string().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));

const schema = z.object({
  /** Another format is another file: it is not read. */
  format: z.literal(1),
  approved: z.array(z.string()),
  contracts: z.array(base64),
  entries: z.array(
    z.object({
      /** A trellis.registry.v1.Instance. */
      instance: base64,
      lease: z.number().positive(),
      pending: z.array(z.string()),
      drained: z.boolean(),
    }),
  ),
});

/** The state as JSON. Entries are left out where it would become larger than `MAX_TEXT`, and those whose contract is. */
export function writeKept({ entries, approved }: KeptState): string {
  const contracts = new Map<string, string>();
  const lines: string[] = [];
  let size = 0;
  for (const { instance, contract, lease, pending, drained } of entries) {
    const bytes = encoded(instance);
    const line = JSON.stringify({ instance: Buffer.from(bytes).toString('base64'), lease, pending, drained });
    const shelved = !contract || contracts.has(instance.contractHash);
    const more = line.length + (shelved ? 0 : contract.length * 1.4);
    if (size + more > MAX_TEXT) continue;
    size += more;
    lines.push(line);
    if (!shelved) contracts.set(instance.contractHash, Buffer.from(contract).toString('base64'));
  }
  return `{"format":1,"approved":${JSON.stringify(approved)},"contracts":${JSON.stringify([...contracts.values()])},"entries":[\n${lines.join(',\n')}\n]}\n`;
}

/** Throws when the text is not one that `writeKept` has written. */
export function readKept(text: string): KeptState {
  const { approved, contracts, entries } = schema.parse(JSON.parse(text));
  const shelf = new Map(contracts.map((bytes) => [createHash('sha256').update(bytes).digest('hex'), bytes]));
  return {
    approved,
    entries: entries.map(({ instance: bytes, ...rest }): Kept => {
      const instance = fromBinary(InstanceSchema, bytes);
      const contract = shelf.get(instance.contractHash);
      if (instance.contractHash !== '' && !contract) throw new Error(`The contract of ${instance.id} is missing`);
      return { instance, ...rest, ...(contract && { contract }) };
    }),
  };
}
