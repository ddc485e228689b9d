import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import type { Code } from '@trellis/errors';
import { createH2Transport } from './h2-transport.js';
import { FrameParser } from '../http2/frame-parser.js';
import { FRAME_HEADER, Flag, FrameType } from '../http2/frame.js';
import { HeaderBlock } from '../http2/hpack-encoder.js';
import type { Attempt } from '../transport.js';

/** A frame as it goes over the wire. */
export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(FRAME_HEADER);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

export const uint32s = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => bytes.writeUInt32BE(value, at * 4));
  return bytes;
};

export function settings(...pairs: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(pairs.length * 6);
  pairs.forEach(([id, value], at) => {
    payload.writeUInt16BE(id, at * 6);
    payload.writeUInt32BE(value, at * 6 + 2);
  });
  return frame(FrameType.SETTINGS, 0, 0, payload);
}

/** HEADERS of an answer; `flags` besides END_HEADERS. */
export function headers(stream: number, fields: Readonly<Record<string, string>>, flags = 0): Buffer {
  const block = new HeaderBlock();
  block.begin(Buffer.alloc(0));
  for (const [name, value] of Object.entries(fields)) block.add(name, value);
  return frame(FrameType.HEADERS, flags | Flag.END_HEADERS, stream, block.bytes);
}

export const goaway = (last: number, code: number): Buffer => frame(FrameType.GOAWAY, 0, 0, uint32s(last, code));

export const reset = (stream: number, code: number): Buffer => frame(FrameType.RST_STREAM, 0, stream, uint32s(code));

export const HEAD = { ':status': '200', 'content-type': 'application/grpc' };

/** A whole answer, as a well-behaved server gives it. */
export const answer = (stream: number, message: string): Buffer =>
  Buffer.concat([
    headers(stream, HEAD),
    frame(FrameType.DATA, 0, stream, body(message)),
    headers(stream, { 'grpc-status': '0' }, Flag.END_STREAM),
  ]);

/** A message as gRPC frames it. */
export const body = (message: string): Buffer =>
  Buffer.concat([Buffer.from([0]), uint32s(message.length), Buffer.from(message)]);

export interface Received {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** One connection, as the server sees it. */
export class Peer {
  readonly socket: Socket;
  readonly frames: Received[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
  }

  send(...frames: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  of(type: number): Received[] {
    return this.frames.filter((each) => each.type === type);
  }
}

export interface Script {
  /** What is sent before anything else; SETTINGS unless told. */
  readonly greeting?: Buffer;
  /** When a request's body has come as a whole. `turn` counts requests from 1 over all connections. */
  readonly request?: (peer: Peer, stream: number, turn: number) => void;
}

/** A server that does with HTTP/2 exactly what a test says, well or badly. */
export class RawServer {
  readonly #server: Server;
  readonly peers: Peer[] = [];
  #turn = 0;

  constructor({ greeting = settings(), request }: Script) {
    this.#server = createServer((socket) => {
      const peer = new Peer(socket);
      this.peers.push(peer);
      const parser = new FrameParser((type, flags, stream, payload) => {
        peer.frames.push({ type, flags, stream, payload: Buffer.from(payload) });
        if (type === FrameType.DATA && flags & Flag.END_STREAM) request?.(peer, stream, ++this.#turn);
      });
      let preface = 24;
      socket.on('error', () => undefined); // clients hang up on servers that misbehave
      socket.on('data', (bytes) => {
        const skipped = Math.min(preface, bytes.length);
        preface -= skipped;
        parser.feed(bytes.subarray(skipped));
      });
      peer.send(greeting);
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    for (const { socket } of this.peers) socket.destroy();
  }
}

/** A transport of its own for one spec, and calls to servers that follow scripts. */
export class RawCalls {
  readonly #transport = createH2Transport();
  readonly #servers: RawServer[] = [];

  async serve(script: Script): Promise<{
    readonly server: RawServer;
    readonly call: (changes?: Partial<Attempt>) => Promise<string>;
  }> {
    const server = new RawServer(script);
    this.#servers.push(server);
    const address = await server.start();
    const call = async (changes: Partial<Attempt> = {}) => {
      const deadline = Date.now() + 5_000;
      const request = Buffer.from('hello');
      const attempt = { address, path: '/t.T/Call', request, deadline, headers: {}, ...changes };
      return Buffer.from(await this.#transport.unary(attempt)).toString();
    };
    return { server, call };
  }

  end(): void {
    this.#transport.close();
    for (const server of this.#servers) server.stop();
  }
}

/** What an AttemptFailure looks like. */
export const failure = (outcome: string, code: Code, reason?: string) => ({
  outcome,
  error: { code, ...(reason !== undefined && { reason }) },
});
