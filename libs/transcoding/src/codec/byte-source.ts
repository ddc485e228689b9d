const FIRST_SIZE = 4_096;
/** As large as the buffer may stay between two messages. */
const KEPT = 1 << 20;
/** Zeros after the end, so that words of four bytes can be read there, and nothing has to ask for the end at every byte. */
const SLACK = 8;

/** Bytes, also to be seen in words. */
export interface Bytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** A copy of the bytes that are read, in a buffer that is used again, with zeros after them. */
export class ByteSource implements Bytes {
  bytes = new Uint8Array(FIRST_SIZE);
  view = new DataView(this.bytes.buffer);
  at = 0;
  end = 0;

  load(bytes: Uint8Array): void {
    const needed = bytes.length + SLACK;
    if (needed > this.bytes.length || this.bytes.length > KEPT) {
      this.bytes = new Uint8Array(Math.max(needed, FIRST_SIZE));
      this.view = new DataView(this.bytes.buffer);
    }
    this.bytes.set(bytes);
    this.at = 0;
    this.end = bytes.length;
    for (let at = this.end; at < needed; at++) this.bytes[at] = 0;
  }
}
