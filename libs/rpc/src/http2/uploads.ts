import { ConnectionError, ErrorCode, FIRST_WINDOW, LARGEST_PAYLOAD, LARGEST_WINDOW } from './frame.js';

/** Where bodies go. */
export interface DataSink {
  /** Bytes that have not left. */
  readonly waiting: number;
  data(stream: number, body: Buffer, from: number, to: number): void;
}

/** A request's body on its way out. */
export class Upload {
  readonly stream: number;
  readonly body: Buffer;
  /** How much of it the peer still takes on this stream; below zero when it changed its mind. */
  window: number;
  sent = 0;

  constructor(stream: number, body: Buffer, window: number) {
    this.stream = stream;
    this.body = body;
    this.window = window;
  }

  get done(): boolean {
    return this.sent === this.body.length;
  }
}

/** More than this is not handed to a socket that does not get rid of it. */
const MOST_UNSENT = 256 * 1024;

/** Sends bodies as the peer's windows allow (RFC 9113, section 5.2). Most leave at once, in one frame. */
export class Uploads {
  readonly #outbox: DataSink;
  /** Those that could not leave at once, in order of arrival. */
  readonly #waiting = new Map<number, Upload>();
  #window = FIRST_WINDOW;
  #streamWindow = FIRST_WINDOW;

  constructor(outbox: DataSink) {
    this.#outbox = outbox;
  }

  /** Sends what may be sent of a new body, which is never empty. */
  start(stream: number, body: Buffer): Upload {
    const upload = new Upload(stream, body, this.#streamWindow);
    this.#send(upload);
    if (!upload.done) this.#waiting.set(stream, upload);
    return upload;
  }

  forget(stream: number): void {
    this.#waiting.delete(stream);
  }

  /** Sends what has room by now: in turn, a frame each, so that a large body does not hold up all others. */
  resume(): void {
    for (let moved = true; moved;) {
      moved = false;
      for (const upload of this.#waiting.values()) {
        const before = upload.sent;
        this.#sendFrame(upload);
        if (upload.sent > before) moved = true;
        if (upload.done) this.#waiting.delete(upload.stream);
      }
    }
  }

  /** The peer takes so much more, on the connection (stream 0) or on one stream. */
  widen(stream: number, bytes: number): void {
    if (stream === 0) {
      this.#window = widened(this.#window, bytes);
    } else {
      const upload = this.#waiting.get(stream);
      if (upload) upload.window = widened(upload.window, bytes);
    }
    this.resume();
  }

  /** SETTINGS_INITIAL_WINDOW_SIZE changes what is open as well, by the difference. */
  firstWindow(bytes: number): void {
    if (bytes > LARGEST_WINDOW) throw tooWide();
    for (const upload of this.#waiting.values()) upload.window = widened(upload.window, bytes - this.#streamWindow);
    this.#streamWindow = bytes;
    this.resume();
  }

  #send(upload: Upload): void {
    for (let before = -1; before < upload.sent && !upload.done;) {
      before = upload.sent;
      this.#sendFrame(upload);
    }
  }

  #sendFrame(upload: Upload): void {
    if (this.#outbox.waiting > MOST_UNSENT) return;
    const { body, sent, window } = upload;
    const length = Math.min(body.length - sent, window, this.#window, LARGEST_PAYLOAD);
    if (length <= 0) return;
    this.#outbox.data(upload.stream, body, sent, sent + length);
    upload.sent += length;
    upload.window -= length;
    this.#window -= length;
  }
}

function widened(window: number, bytes: number): number {
  if (window + bytes > LARGEST_WINDOW) throw tooWide();
  return window + bytes;
}

const tooWide = () => new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'a window that is too large');
