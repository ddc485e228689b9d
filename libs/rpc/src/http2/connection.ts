import { type Socket, connect } from 'node:net';
import { Keepalive } from './keepalive.js';
import { ConnectionError, ErrorCode, FIRST_WINDOW, Flag, FrameType, Setting } from './frame.js';
import { FrameParser } from './frame-parser.js';
import { HeaderBlocks, type ReceivedBlock, unpadded } from './header-blocks.js';
import { HpackDecoder, LONGEST_LIST } from './hpack-decoder.js';
import { Outbox } from './outbox.js';
import { type Receiver, Streams } from './streams.js';
import { Uploads } from './uploads.js';

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

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Milliseconds until the peer has answered the handshake. */
  readonly connectTimeout: number;
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
  readonly #streams: Streams;
  readonly #patience: NodeJS.Timeout;
  #state: 'connecting' | 'ready' | 'draining' | 'closed' = 'connecting';
  #limit = MOST_STREAMS;
  /** Bytes of answers since the peer was last told to send more. */
  #unacknowledged = 0;
  #received = 0;
  #leaving = false;
  #answers = 0;
  #cause: unknown;

  constructor({ host, port, connectTimeout }: Endpoint, events: ConnectionEvents) {
    this.#events = events;
    const onread = { buffer: READ_BUFFER, callback: (bytes: number) => this.#read(bytes) };
    this.#socket = connect({ host, port, noDelay: true, onread });
    this.#outbox = new Outbox(this.#socket, () => this.#uploads.resume());
    this.#uploads = new Uploads(this.#outbox);
    this.#streams = new Streams(this.#outbox, this.#uploads);
    this.#outbox.preface([
      [Setting.ENABLE_PUSH, 0],
      [Setting.INITIAL_WINDOW_SIZE, STREAM_WINDOW],
      [Setting.MAX_HEADER_LIST_SIZE, LONGEST_LIST],
    ]);
    this.#outbox.window(CONNECTION_WINDOW - FIRST_WINDOW);
    this.#patience = setTimeout(() => this.#socket.destroy(), connectTimeout);
    const looking = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
    this.#socket.on('error', (error) => (this.#cause ??= error));
    this.#socket.on('end', () => this.#leave()); // streams that were opened now would be lost, and nobody could say how far they got
    this.#socket.on('close', () => {
      clearTimeout(this.#patience);
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
    const id = this.#streams.open(block, body, receiver);
    if (id >= LAST_STREAM) this.close();
    return id;
  }

  /** Nobody waits for the answer any more. */
  cancel(id: number): void {
    if (this.#streams.cancel(id)) this.#vacated();
  }

  /** Takes no more calls, and ends when those under way have finished. */
  close(): void {
    if (this.#state === 'connecting') this.#socket.destroy();
    else this.#drain();
  }

  #drain(): void {
    this.#leave();
    if (this.#streams.size === 0) this.#sayGoodbye(ErrorCode.NO_ERROR);
  }

  /** No streams from now on. */
  #leave(): void {
    if (this.#state !== 'ready') return;
    this.#state = 'draining';
    this.#events.draining();
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
    for (const receiver of this.#streams.takeAfter(0)) receiver.broken('lost', this.#cause);
    this.#events.closed(this.#cause);
  }

  /** One look at whether the peer still lives. */
  #look(): void {
    const look = { received: this.#received, calls: this.#streams.size, answers: this.#answers };
    const sign = this.#keepalive.look({ now: performance.now(), ...look });
    if (sign === 'dead') {
      this.#leave();
      this.#socket.destroy();
    }
    if (sign === 'ask') this.#outbox.ping(); // whatever comes then is a sign of life
  }

  #read(bytes: number): boolean {
    this.#received += bytes;
    if (this.#leaving) return true; // nothing is under way, or what comes can no longer be told apart
    try {
      this.#parser.feed(READ_BUFFER.subarray(0, bytes));
    } catch (error) {
      this.#cause = error;
      this.#leave();
      this.#sayGoodbye(error instanceof ConnectionError ? error.code : ErrorCode.PROTOCOL_ERROR);
      this.#socket.destroySoon();
    }
    return true;
  }

  #frame(type: number, flags: number, stream: number, payload: Buffer): void {
    if (this.#socket.destroyed) return;
    if (this.#state === 'connecting' && type !== FrameType.SETTINGS) throw violation('no SETTINGS first');
    if (this.#blocks.expecting && type !== FrameType.CONTINUATION) throw violation('a frame within headers');
    if (type <= FrameType.RST_STREAM && type !== FrameType.PRIORITY) this.#streams.assertOpened(stream);
    switch (type) {
      case FrameType.DATA:
        return this.#data(flags, stream, payload);
      case FrameType.HEADERS:
        return this.#head(this.#blocks.headers(flags, stream, payload));
      case FrameType.CONTINUATION:
        return this.#head(this.#blocks.continuation(flags, stream, payload));
      case FrameType.RST_STREAM:
        this.#streams.reset(stream, uint32(payload, 4));
        return this.#vacated();
      case FrameType.SETTINGS:
        return this.#settings(flags, payload);
      case FrameType.PING:
        return this.#ping(flags, payload);
      case FrameType.GOAWAY:
        return this.#goaway(uint32(payload));
      case FrameType.WINDOW_UPDATE:
        if (stream !== 0) this.#streams.assertOpened(stream);
        return this.#uploads.widen(stream, uint32(payload, 4) & 0x7fff_ffff);
      case FrameType.PUSH_PROMISE:
        throw violation('PUSH_PROMISE, which was ruled out');
    }
  }

  #data(flags: number, id: number, payload: Buffer): void {
    this.#unacknowledged += payload.length;
    if (this.#unacknowledged >= CONNECTION_WINDOW / 2) {
      this.#outbox.window(this.#unacknowledged);
      this.#unacknowledged = 0;
    }
    const last = (flags & Flag.END_STREAM) !== 0;
    this.#streams.data(id, unpadded(flags, payload), last);
    if (last) this.#vacated();
  }

  #head(received: ReceivedBlock | undefined): void {
    if (!received) return;
    const { stream, block, last } = received;
    this.#answers++;
    this.#streams.head(stream, this.#hpack.decode(block), last); // every block is decoded: it may change the table
    if (last) this.#vacated();
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
      clearTimeout(this.#patience);
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
    const unseen = this.#streams.takeAfter(lastSeen & 0x7fff_ffff);
    this.#drain(); // before they are told: who starts again shall not land here
    for (const receiver of unseen) receiver.broken('unseen');
  }

  #vacated(): void {
    if (this.#state === 'draining' && this.#streams.size === 0) this.#sayGoodbye(ErrorCode.NO_ERROR);
    else if (this.#state === 'ready') this.#events.room();
  }
}

function uint32(payload: Buffer, length?: number): number {
  if (payload.length < 4 || (length !== undefined && payload.length !== length)) {
    throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'a frame of another length');
  }
  return payload.readUInt32BE(0);
}

const violation = (what: string) => new ConnectionError(ErrorCode.PROTOCOL_ERROR, what);
