import { type Socket, connect } from 'node:net';
import { Keepalive } from '../keepalive.js';
import { ConnectionError, ErrorCode, FIRST_WINDOW, Flag, FrameType, Setting } from './frame.js';
import { FrameParser } from './frame-parser.js';
import { HeaderBlocks, type ReceivedBlock, unpadded } from './header-blocks.js';
import { type Fields, HpackDecoder, LONGEST_LIST } from './hpack-decoder.js';
import { Outbox } from './outbox.js';
import { type Upload, Uploads } from './uploads.js';

/** Instances are neighbours: one that has not answered the handshake by now is as good as gone. */
export const CONNECT_TIMEOUT_MS = 1_000;

/** How often a connection is looked at; with keepalive's times that is how late a frozen peer is noticed. */
const LOOK_EVERY_MS = 500;

/** A peer that does not hang up after a goodbye is not waited for longer. */
const GOODBYE_MS = 1_000;

/** Stream ids are odd and have 31 bits; a connection retires before it runs out of them. */
const LAST_STREAM = 2 ** 31 - 1 - 2_000;

/** Every answer that is not too large fits, so that a stream's window never needs widening. */
const STREAM_WINDOW = 4 * 1024 * 1024 + 64 * 1024;

/** What all answers together may have under way; widened again when half of it has come. */
const CONNECTION_WINDOW = 16 * 1024 * 1024;

/** The kernel writes here; one for all connections, because what it wrote is used up before it writes again. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** Even where the peer sets no limit. */
const MOST_STREAMS = 10_000;

/** A peer that asks for so many answers and reads none of them is up to no good. */
const MOST_WAITING = 1024 * 1024;

/** Why a stream ended without its answer. */
export type StreamEnd =
  /** The peer said that it never looked at it. */
  | 'unseen'
  /** The peer ended it because it is overloaded. */
  | 'calmed'
  /** The peer ended it, or the connection broke. */
  | 'lost';

/** Who hears of one stream. Nothing comes after `last` or `broken`. */
export interface Receiver {
  /** Headers or trailers; undefined when they were too many. */
  head(fields: Fields | undefined, last: boolean): void;
  /** `piece` is only good until the function returns. */
  data(piece: Buffer, last: boolean): void;
  broken(end: StreamEnd, cause?: unknown): void;
}

/** What the owner of a connection hears. */
export interface ConnectionEvents {
  /** Calls may start. */
  ready(): void;
  /** A stream ended, or the peer takes more of them. */
  room(): void;
  /** Takes no more calls; those under way may finish. */
  draining(): void;
  closed(cause?: unknown): void;
}

interface Stream {
  readonly receiver: Receiver;
  readonly upload: Upload;
}

/** One connection to a server. It is ready when the peer's SETTINGS came: an open port alone may belong to a frozen process. */
export class Connection {
  readonly #socket: Socket;
  readonly #events: ConnectionEvents;
  readonly #outbox: Outbox;
  readonly #uploads: Uploads;
  readonly #parser = new FrameParser((type, flags, stream, payload) => this.#frame(type, flags, stream, payload));
  readonly #blocks = new HeaderBlocks();
  readonly #hpack = new HpackDecoder();
  readonly #keepalive = new Keepalive();
  readonly #streams = new Map<number, Stream>();
  #state: 'connecting' | 'ready' | 'draining' | 'closed' = 'connecting';
  #limit = MOST_STREAMS;
  #lastOpened = -1;
  /** Bytes of answers since the peer was last told to send more. */
  #unacknowledged = 0;
  #received = 0;
  #leaving = false;
  #answers = 0;
  #cause: unknown;

  constructor({ host, port }: { readonly host: string; readonly port: number }, events: ConnectionEvents) {
    this.#events = events;
    const onread = { buffer: READ_BUFFER, callback: (bytes: number) => this.#read(bytes) };
    this.#socket = connect({ host, port, noDelay: true, onread });
    this.#outbox = new Outbox(this.#socket, () => this.#uploads.resume());
    this.#uploads = new Uploads(this.#outbox);
    this.#outbox.preface([
      [Setting.ENABLE_PUSH, 0],
      [Setting.INITIAL_WINDOW_SIZE, STREAM_WINDOW],
      [Setting.MAX_HEADER_LIST_SIZE, LONGEST_LIST],
    ]);
    this.#outbox.window(CONNECTION_WINDOW - FIRST_WINDOW);
    const patience = setTimeout(() => {
      if (this.#state === 'connecting') this.#socket.destroy();
    }, CONNECT_TIMEOUT_MS);
    const looking = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
    this.#socket.on('error', (error) => (this.#cause ??= error));
    this.#socket.on('close', () => {
      clearTimeout(patience);
      clearInterval(looking);
      this.#closed();
    });
  }

  get state() {
    return this.#state;
  }

  /** Whether a stream may be opened now. */
  get free(): boolean {
    return this.#state === 'ready' && this.#streams.size < this.#limit;
  }

  /** Sends a request, whose body must not be empty, on a new stream. */
  open(block: Buffer, body: Buffer, receiver: Receiver): number {
    const id = (this.#lastOpened += 2);
    this.#outbox.headers(id, block);
    this.#streams.set(id, { receiver, upload: this.#uploads.start(id, body) });
    if (id >= LAST_STREAM) this.close();
    return id;
  }

  /** Nobody waits for the answer any more. */
  cancel(id: number): void {
    if (!this.#streams.delete(id)) return;
    this.#uploads.forget(id);
    this.#outbox.reset(id, ErrorCode.CANCEL);
    this.#vacated();
  }

  /** Takes no more calls, and ends when those under way have finished. */
  close(): void {
    if (this.#state === 'connecting') this.#socket.destroy();
    else this.#drain();
  }

  #drain(): void {
    if (this.#state !== 'ready') return;
    this.#state = 'draining';
    this.#events.draining();
    if (this.#streams.size === 0) this.#sayGoodbye(ErrorCode.NO_ERROR);
  }

  #sayGoodbye(code: ErrorCode): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#outbox.goaway(code);
    this.#outbox.flush();
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), GOODBYE_MS).unref();
  }

  #closed(): void {
    this.#state = 'closed';
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    for (const { receiver } of streams) receiver.broken('lost', this.#cause);
    this.#events.closed(this.#cause);
  }

  /** One look at whether the peer still lives. */
  #look(): void {
    const look = { received: this.#received, calls: this.#streams.size, answers: this.#answers };
    const sign = this.#keepalive.look({ now: performance.now(), ...look });
    if (sign === 'dead') this.#socket.destroy();
    if (sign === 'ask') this.#outbox.ping(); // whatever comes then is a sign of life
  }

  #read(bytes: number): boolean {
    this.#received += bytes;
    try {
      this.#parser.feed(READ_BUFFER.subarray(0, bytes));
    } catch (error) {
      this.#cause = error;
      this.#sayGoodbye(error instanceof ConnectionError ? error.code : ErrorCode.PROTOCOL_ERROR);
      this.#socket.destroySoon();
    }
    return true;
  }

  #frame(type: number, flags: number, stream: number, payload: Buffer): void {
    if (this.#socket.destroyed) return;
    if (this.#state === 'connecting' && type !== FrameType.SETTINGS) throw violation('no SETTINGS first');
    if (this.#blocks.expecting && type !== FrameType.CONTINUATION) throw violation('a frame within headers');
    switch (type) {
      case FrameType.DATA:
        return this.#data(flags, stream, payload);
      case FrameType.HEADERS:
        return this.#head(this.#blocks.headers(flags, this.#known(stream), payload));
      case FrameType.CONTINUATION:
        return this.#head(this.#blocks.continuation(flags, stream, payload));
      case FrameType.RST_STREAM:
        return this.#reset(this.#known(stream), uint32(payload, 4));
      case FrameType.SETTINGS:
        return this.#settings(flags, payload);
      case FrameType.PING:
        return this.#ping(flags, payload);
      case FrameType.GOAWAY:
        return this.#goaway(uint32(payload));
      case FrameType.WINDOW_UPDATE:
        return this.#window(stream, uint32(payload, 4));
      case FrameType.PUSH_PROMISE:
        throw violation('PUSH_PROMISE, which was ruled out');
    }
  }

  #data(flags: number, id: number, payload: Buffer): void {
    this.#known(id);
    this.#unacknowledged += payload.length;
    if (this.#unacknowledged >= CONNECTION_WINDOW / 2) {
      this.#outbox.window(this.#unacknowledged);
      this.#unacknowledged = 0;
    }
    const last = (flags & Flag.END_STREAM) !== 0;
    const stream = last ? this.#finish(id) : this.#streams.get(id);
    stream?.receiver.data(unpadded(flags, payload), last);
    if (last) this.#vacated();
  }

  #head(received: ReceivedBlock | undefined): void {
    if (!received) return;
    const { stream: id, block, last } = received;
    const fields = this.#hpack.decode(block); // of streams that nobody waits for as well: they change the table
    this.#answers++;
    const stream = last ? this.#finish(id) : this.#streams.get(id);
    stream?.receiver.head(fields, last);
    if (last) this.#vacated();
  }

  #reset(id: number, code: number): void {
    const stream = this.#streams.get(id);
    if (!stream) return;
    this.#streams.delete(id);
    this.#uploads.forget(id);
    const end = code === ErrorCode.REFUSED_STREAM ? 'unseen' : code === ErrorCode.ENHANCE_YOUR_CALM ? 'calmed' : 'lost';
    stream.receiver.broken(end, new Error(`HTTP/2: the stream was reset with code ${code}`));
    this.#vacated();
  }

  #settings(flags: number, payload: Buffer): void {
    if (flags & Flag.ACK) return;
    if (payload.length % 6 !== 0) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'half a setting');
    for (let at = 0; at < payload.length; at += 6) {
      const value = payload.readUInt32BE(at + 2);
      const id = payload.readUInt16BE(at);
      if (id === Setting.MAX_CONCURRENT_STREAMS) this.#limit = Math.min(value, MOST_STREAMS);
      if (id === Setting.INITIAL_WINDOW_SIZE) this.#uploads.firstWindow(value);
    }
    this.#answer(() => this.#outbox.settingsTaken());
    if (this.#state === 'connecting') {
      this.#state = 'ready';
      this.#socket.unref(); // an idle connection keeps no process alive; a call does, by the timer of its deadline
      this.#events.ready();
    } else {
      this.#events.room();
    }
  }

  #ping(flags: number, payload: Buffer): void {
    if (payload.length !== 8) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'a PING of another length');
    if (!(flags & Flag.ACK)) this.#answer(() => this.#outbox.pong(payload));
  }

  /** Answers what a peer may ask at no cost of its own, unless it does not read the answers. */
  #answer(send: () => void): void {
    if (this.#outbox.waiting > MOST_WAITING) throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'questions only');
    send();
  }

  #goaway(lastSeen: number): void {
    const unseen = [...this.#streams].filter(([id]) => id > (lastSeen & 0x7fff_ffff));
    for (const [id] of unseen) {
      this.#streams.delete(id);
      this.#uploads.forget(id);
    }
    this.#drain();
    for (const [, { receiver }] of unseen) receiver.broken('unseen');
    this.#vacated();
  }

  #window(stream: number, bytes: number): void {
    if (stream !== 0) this.#known(stream);
    this.#uploads.widen(stream, bytes & 0x7fff_ffff);
  }

  /** Takes a stream out whose answer is complete. An unfinished request is of no use to the peer any more. */
  #finish(id: number): Stream | undefined {
    const stream = this.#streams.get(id);
    if (!stream) return undefined;
    this.#streams.delete(id);
    if (stream.upload.done) return stream;
    this.#uploads.forget(id);
    this.#outbox.reset(id, ErrorCode.NO_ERROR);
    return stream;
  }

  #vacated(): void {
    if (this.#state === 'draining' && this.#streams.size === 0) this.#sayGoodbye(ErrorCode.NO_ERROR);
    else if (this.#state === 'ready') this.#events.room();
  }

  /** A stream that was opened once. */
  #known(stream: number): number {
    if (stream === 0 || stream % 2 === 0 || stream > this.#lastOpened) throw violation(`stream ${stream}`);
    return stream;
  }
}

function uint32(payload: Buffer, length?: number): number {
  if (payload.length < 4 || (length !== undefined && payload.length !== length)) {
    throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'a frame of another length');
  }
  return payload.readUInt32BE(0);
}

const violation = (what: string) => new ConnectionError(ErrorCode.PROTOCOL_ERROR, what);
