import { createHash } from 'node:crypto';
import { type JsonValue, fromJson, toJson } from '@bufbuild/protobuf';
import { InstanceSchema } from '@trellis/contracts/registry/v1';
import { z } from 'zod';
import type { Remembered } from './known-instances.js';

/** What one process leaves for the next one. */
export interface SavedList {
  /** The epoch that was followed. */
  readonly epoch: string;
  /** `seenAt` in epoch milliseconds. */
  readonly instances: readonly Remembered[];
  /** Descriptor sets by hash, the most important first. */
  readonly contracts: readonly (readonly [hash: string, bytes: Uint8Array])[];
}

/** An instance that no registry has listed for longer is of another time: 24 hours in milliseconds. */
const MAX_AGE_MS = 86_400_000;
/** Of contracts in the file: some hundred ordinary ones. */
const MAX_CONTRACT_BYTES = 8 * 1024 * 1024;

const schema = z.object({
  /** Of this format. */
  version: z.literal(1),
  epoch: z.string(),
  instances: z.array(z.object({ seenAt: z.iso.datetime(), epoch: z.string(), instance: z.json() })),
  contracts: z.record(z.string(), z.base64()),
});

/** As JSON, which a person can read too. */
export function writeSavedList({ epoch, instances, contracts }: SavedList): string {
  let room = MAX_CONTRACT_BYTES;
  const fitting = contracts.filter(([, { length }]) => {
    if (length > room) return false;
    room -= length;
    return true;
  });
  const file: z.input<typeof schema> = {
    version: 1,
    epoch,
    instances: instances.map(({ message, epoch: listedIn, seenAt }) => ({
      seenAt: new Date(seenAt).toISOString(),
      epoch: listedIn,
      instance: toJson(InstanceSchema, message),
    })),
    contracts: Object.fromEntries(fitting.map(([hash, contract]) => [hash, Buffer.from(contract).toString('base64')])),
  };
  return JSON.stringify(file);
}

/** Throws when it is not such a list. Instances that are too old, and contracts that are not what their hash says, are left out. */
export function readSavedList(text: string, now: number): SavedList {
  const { epoch, instances, contracts } = schema.parse(JSON.parse(text));
  return {
    epoch,
    instances: instances
      .map(({ instance, epoch: listedIn, seenAt }) => ({
        message: fromJson(InstanceSchema, instance as JsonValue, { ignoreUnknownFields: true }),
        epoch: listedIn,
        seenAt: Date.parse(seenAt),
      }))
      .filter(({ seenAt }) => now - seenAt <= MAX_AGE_MS),
    contracts: Object.entries(contracts)
      .map(([hash, base64]) => [hash, new Uint8Array(Buffer.from(base64, 'base64'))] as const)
      .filter(([hash, bytes]) => createHash('sha256').update(bytes).digest('hex') === hash),
  };
}
