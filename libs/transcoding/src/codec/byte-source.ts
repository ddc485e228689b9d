const FIRST_SIZE = 4_096;
/** As large as the buffer may stay between two messages. */
const KEPT = 1 << 20;
/** Zeros after the end, so that words of four bytes can be read there, and nothing has to ask for the end at every byte. */
const SLACK = 8;

/** Bytes, also to be seen in words. */
export interface Bytes {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** A copy of the bytes that are read, in a buffer that is used again, with zeros after them. */
export class ByteSource implements Bytes {
  bytes = Buffer.allocUnsafeSlow(FIRST_SIZE);
  view = new DataView(this.bytes.buffer);
  at = 0;
  end = 0;

  load(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.bytes.set(bytes);
    this.#begin(bytes.length);
  }

  loadText(text: string): void {
    this.#room(3 * text.length);
    this.#begin(this.bytes.write(text, 'utf8'));
  }

  #room(size: number): void {
    const needed = size + SLACK;
    if (needed > this.bytes.length || this.bytes.length > KEPT) {
      this.bytes = Buffer.allocUnsafeSlow(Math.max(needed, FIRST_SIZE));
      this.view = new DataView(this.bytes.buffer);
    }
  }

  #begin(end: number): void {
    this.at = 0;
    this.end = end;
    for (let at = end; at < end + SLACK; at++) this.bytes[at] = 0;
  }
}
