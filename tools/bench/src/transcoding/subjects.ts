import { type DescMessage, fromBinary, fromJson, toBinary, toJson } from '@bufbuild/protobuf';
import { routesOf } from '@trellis/transcoding';
import protobufjs from 'protobufjs';
import 'protobufjs/ext/descriptor.js';
import { contract, registry } from './posts.js';

/** What is measured: the bytes of a JSON body to a binary message, and a binary message to JSON to send. */
export interface Transcoder {
  decode(body: Uint8Array): Uint8Array;
  encode(message: Uint8Array): string | Uint8Array;
}

export const SUBJECTS = {
  /** As the gateway calls it. */
  trellis(type: string): Transcoder {
    const service = registry.getService('bench.Echo');
    const route = service && routesOf(service, registry).find(({ method }) => method.input.name === type);
    if (!route) throw new Error(`no method takes ${type}`);
    return {
      decode: (body) => route.decode({ captures: [], query: '', body }),
      encode: (message) => route.encode(message).body,
    };
  },

  /** As its documentation says for JSON. Its encode is measured up to the text: ours has made bytes of it already. */
  protobufjs(type: string): Transcoder {
    const root = protobufjs.Root.fromDescriptor(contract);
    const message = root.lookupType(`bench.${type}`);
    const options = { longs: String, enums: String, bytes: String, defaults: true, arrays: true, objects: true };
    return {
      decode: (body) => message.encode(message.fromObject(JSON.parse(textOf(body)) as object)).finish(),
      encode: (bytes) => JSON.stringify(message.toObject(message.decode(bytes), options)),
    };
  },

  'protobuf-es'(type: string): Transcoder {
    const desc = registry.getMessage(`bench.${type}`) as DescMessage;
    return {
      decode: (body) => toBinary(desc, fromJson(desc, JSON.parse(textOf(body)))),
      encode: (bytes) => JSON.stringify(toJson(desc, fromBinary(desc, bytes), { alwaysEmitImplicit: true })),
    };
  },
};

export type Subject = keyof typeof SUBJECTS;

const textOf = (body: Uint8Array): string => Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
