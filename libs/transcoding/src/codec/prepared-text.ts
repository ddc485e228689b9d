const utf8 = new TextEncoder();

/** A text that is often written or looked for, as words of four bytes with the first byte lowest. */
export class PreparedText {
  readonly length: number;
  readonly words: Int32Array;
  /** Bits of the last word that belong to the text. */
  readonly mask: number;

  constructor(text: string) {
    const bytes = utf8.encode(text);
    this.length = bytes.length;
    const padded = new DataView(new ArrayBuffer(Math.ceil(bytes.length / 4) * 4));
    bytes.forEach((byte, index) => padded.setUint8(index, byte));
    this.words = Int32Array.from({ length: padded.byteLength / 4 }, (_, index) => padded.getInt32(index * 4, true));
    this.mask = bytes.length % 4 === 0 ? -1 : (1 << (8 * (bytes.length % 4))) - 1;
  }

  /** Whether it stands at a place, after which three more bytes can be read. */
  isAt(view: DataView, at: number): boolean {
    const { words } = this;
    const last = words.length - 1;
    for (let index = 0; index < last; index++) if (view.getInt32(at + index * 4, true) !== words[index]) return false;
    return ((view.getInt32(at + last * 4, true) ^ (words[last] as number)) & this.mask) === 0;
  }
}
