import type { Registry } from '@bufbuild/protobuf';
import type { Binding } from './binding.js';
import type { Codecs } from './codec/codecs.js';
import { generalReading } from './general-reading.js';
import { preparedReading } from './prepared-reading.js';
import type { RequestParts } from './request-parts.js';

/** The binary request message. Throws InvalidRequest with every wrong place that can be found. */
export type RequestDecoder = (parts: RequestParts) => Uint8Array;

export function requestDecoder(binding: Binding, registry: Registry, codecs: Codecs): RequestDecoder {
  const prepared = preparedReading(binding, codecs);
  const general = generalReading(binding, registry);
  return (parts) => prepared?.(parts) ?? general(parts);
}
