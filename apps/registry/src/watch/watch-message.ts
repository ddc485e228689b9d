import { constants, deflateRawSync } from 'node:zlib';
import { type MessageInitShape, create, toJsonString } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import {
  ChangesSchema,
  type Instance,
  LeftSchema,
  ResumedSchema,
  SnapshotSchema,
  WatchResponseSchema,
} from '@trellis/contracts/registry/v1';
import { toBinary } from '@bufbuild/protobuf';
import type { Change } from '../catalogue/command.js';
import { encoded } from '../catalogue/encoded.js';

/** Bytes. The list of some thirty instances. */
const WORTH_IT = 16_384;

/** Fields may come in any order, and after the others: https://protobuf.dev/programming-guides/encoding/#order */
const MORE = toBinary(WatchResponseSchema, create(WatchResponseSchema, { more: true }));

type Response = MessageInitShape<typeof WatchResponseSchema>;

/** What one or more watchers are sent, made once for all of them and only in the form that somebody asks for. */
export class WatchMessage {
  /** Of the last change that it tells. */
  readonly revision: bigint;
  #withMore: WatchMessage | undefined;
  readonly #epoch: string;
  readonly #encode: () => Uint8Array;
  readonly #describe: () => string;
  readonly #lasting: boolean;
  #bytes: Buffer | undefined;
  #deflated: Buffer | undefined;
  #events: string | undefined;

  constructor(epoch: string, revision: bigint, encode: () => Uint8Array, describe: () => string, lasting = true) {
    this.#epoch = epoch;
    this.revision = revision;
    this.#encode = encode;
    this.#describe = describe;
    this.#lasting = lasting;
  }

  /** A WatchResponse. */
  get bytes(): Buffer {
    this.#bytes ??= asBuffer(this.#encode());
    return this.#bytes;
  }

  /** The same, for callers that take it deflated: what is small, or told to a few, is left as it is. */
  get deflated(): Buffer {
    this.#deflated ??= this.#lasting && this.bytes.length >= WORTH_IT ? this.#deflate() : this.bytes;
    return this.#deflated;
  }

  /** The same as server-sent events: one for each change, with the id `EPOCH:REVISION`. */
  get events(): string {
    this.#events ??= this.#describe();
    return this.#events;
  }

  /** The same for those whom it does not bring up to date. Event streams do not say so: nobody starts by them. */
  get withMore(): WatchMessage {
    this.#withMore ??= new WatchMessage(
      this.#epoch,
      this.revision,
      () => Buffer.concat([this.bytes, MORE]),
      () => this.events,
      this.#lasting,
    );
    return this.#withMore;
  }

  #deflate(): Buffer {
    const bytes = deflateRawSync(this.bytes, { level: constants.Z_BEST_SPEED });
    return asBuffer(response(this.#epoch, this.revision, 'deflated', bytes));
  }
}

export function snapshotMessage(epoch: string, revision: bigint, instances: readonly Instance[]): WatchMessage {
  return new WatchMessage(
    epoch,
    revision,
    () => {
      const snapshot = new BinaryWriter();
      for (const instance of instances) {
        snapshot.tag(SnapshotSchema.field.instances.number, WireType.LengthDelimited).bytes(encoded(instance));
      }
      return response(epoch, revision, 'snapshot', snapshot.finish());
    },
    () => event({ epoch, revision, message: { case: 'snapshot', value: { instances: [...instances] } } }),
  );
}

export function resumedMessage(epoch: string, revision: bigint): WatchMessage {
  const resumed = create(ResumedSchema);
  return new WatchMessage(
    epoch,
    revision,
    () => response(epoch, revision, 'resumed', toBinary(ResumedSchema, resumed)),
    () => event({ epoch, revision, message: { case: 'resumed', value: resumed } }),
  );
}

/** Tells the changes, of which there is at least one. `lasting`: many will be told the same, not only those at this moment. */
export function changesMessage(epoch: string, changes: readonly Change[], lasting: boolean): WatchMessage {
  const messages = changes.map((change) => changeMessage(epoch, change));
  const [first] = messages;
  if (first && messages.length === 1) return first;
  const revision = messages.at(-1)?.revision ?? 0n;
  return new WatchMessage(
    epoch,
    revision,
    () => {
      const several = new BinaryWriter();
      for (const { bytes } of messages) {
        several.tag(ChangesSchema.field.changes.number, WireType.LengthDelimited).bytes(bytes);
      }
      return response(epoch, revision, 'changes', several.finish());
    },
    () => messages.map(({ events }) => events).join(''),
    lasting,
  );
}

const known = new WeakMap<Change, WatchMessage>();

/** The same object for the same change: it is written alone, and within others to those who are a little behind. */
function changeMessage(epoch: string, change: Change): WatchMessage {
  const before = known.get(change);
  if (before) return before;
  const { revision, instance } = change;
  const { id, service } = instance;
  const left = change.kind === 'left' && create(LeftSchema, { id, service, reason: change.reason });
  const made = new WatchMessage(
    epoch,
    revision,
    () => response(epoch, revision, change.kind, left ? toBinary(LeftSchema, left) : encoded(instance)),
    () =>
      event({
        epoch,
        revision,
        message: left
          ? { case: 'left', value: left }
          : { case: change.kind === 'joined' ? 'joined' : 'changed', value: instance },
      }),
  );
  known.set(change, made);
  return made;
}

/** Written by hand, because what is within is encoded already. */
function response(
  epoch: string,
  revision: bigint,
  kind: 'snapshot' | 'joined' | 'changed' | 'left' | 'resumed' | 'changes' | 'deflated',
  value: Uint8Array,
): Uint8Array {
  const { field } = WatchResponseSchema;
  const writer = new BinaryWriter().tag(field.epoch.number, WireType.LengthDelimited).string(epoch);
  if (revision > 0n) writer.tag(field.revision.number, WireType.Varint).uint64(revision);
  return writer.tag(field[kind].number, WireType.LengthDelimited).bytes(value).finish();
}

function event(init: Response): string {
  const { epoch, revision = 0n } = init;
  return `id: ${epoch}:${revision}\ndata: ${toJsonString(WatchResponseSchema, create(WatchResponseSchema, init), { alwaysEmitImplicit: true })}\n\n`;
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
