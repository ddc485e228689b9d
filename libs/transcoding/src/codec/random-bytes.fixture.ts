import type { DescMessage } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { RandomJson } from './random-json.fixture.js';

interface Part {
  readonly number: number;
  readonly wireType: WireType;
  readonly data: Uint8Array;
}

/** The same message, or one that means something else, as a stranger may write it. */
export function rearranged(bytes: Uint8Array, desc: DescMessage, draw: RandomJson): Uint8Array {
  const parts = partsOf(bytes).flatMap((part) => {
    const field = desc.fields.find(({ number }) => number === part.number);
    return field?.fieldKind === 'list' && field.packed && draw.chance(0.5) ? unpacked(field, part) : [part];
  });
  if (draw.chance(0.3) && parts.length > 0) parts.push(draw.pick(parts));
  if (draw.chance(0.5)) parts.push(unknownPart(draw));
  const shuffled = draw.chance(0.7)
    ? parts
        .map((part) => ({ part, key: draw.below(1_000) }))
        .sort((a, b) => a.key - b.key)
        .map(({ part }) => part)
    : parts;
  const writer = new BinaryWriter();
  for (const { number, wireType, data } of shuffled) writer.tag(number, wireType).raw(data);
  return writer.finish();
}

function partsOf(bytes: Uint8Array): Part[] {
  const reader = new BinaryReader(bytes);
  const parts: Part[] = [];
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    parts.push({ number, wireType, data: reader.skip(wireType, number).slice() });
  }
  return parts;
}

/** The elements of a packed list, each by itself; as they were when they have a fixed size. */
function unpacked({ number }: { readonly number: number }, part: Part): Part[] {
  const reader = new BinaryReader(part.data);
  const size = reader.uint32();
  const values: Part[] = [];
  try {
    while (reader.pos < reader.len)
      values.push({ number, wireType: WireType.Varint, data: reader.skip(WireType.Varint).slice() });
  } catch {
    return [part];
  }
  // Numbers of a fixed size look like varints at times: then the bits do not matter, only that both read the same.
  return size > 0 ? values : [part];
}

/** Of a number that no message in the contract has. */
function unknownPart(draw: RandomJson): Part {
  const number = 15_000 + draw.below(1_000);
  return draw.pick<Part>([
    { number, wireType: WireType.Varint, data: new BinaryWriter().uint64(BigInt(draw.below(2 ** 32))).finish() },
    { number, wireType: WireType.Bit32, data: new BinaryWriter().fixed32(draw.below(2 ** 32)).finish() },
    { number, wireType: WireType.Bit64, data: new BinaryWriter().double(draw.below(100)).finish() },
    { number, wireType: WireType.LengthDelimited, data: new BinaryWriter().string('unknown').finish() },
    {
      number,
      wireType: WireType.StartGroup,
      data: new BinaryWriter().tag(1, 0).uint32(1).tag(number, WireType.EndGroup).finish(),
    },
  ]);
}

/** Bytes with one to three of them changed, added or lost, or cut off. */
export function damaged(bytes: Uint8Array, _desc: DescMessage, draw: RandomJson): Uint8Array {
  const damaged = [...bytes];
  for (let count = 1 + draw.below(3); count > 0; count--) {
    const at = draw.below(damaged.length + 1);
    draw.pick([
      () => damaged.splice(at, 1, draw.below(256)),
      () => damaged.splice(at, 1),
      () => damaged.splice(at, 0, draw.below(256)),
      () => damaged.splice(at, 1, (damaged[at] ?? 0) ^ (1 << draw.below(8))),
      () => damaged.splice(at),
    ])();
  }
  return Uint8Array.from(damaged);
}
