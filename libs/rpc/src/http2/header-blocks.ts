import { ConnectionError, ErrorCode, Flag } from './frame.js';
import { LONGEST_LIST } from './hpack-decoder.js';

/** A block that has come as a whole. */
export interface ReceivedBlock {
  readonly stream: number;
  readonly block: Buffer;
  /** Nothing follows on the stream. */
  readonly last: boolean;
}

/** A flood of empty CONTINUATION frames costs a peer nothing, so they have a bound of their own. */
const MOST_FRAMES = 64;

/** A stream's dependency and weight, which nobody uses any more (RFC 9113, section 5.3.2). */
const PRIORITY_BYTES = 5;

/** Puts header blocks together: HEADERS, then CONTINUATION until END_HEADERS (RFC 9113, section 6.10). */
export class HeaderBlocks {
  #open: { readonly stream: number; readonly last: boolean; readonly pieces: Buffer[]; bytes: number } | undefined;

  /** Only the stream's next CONTINUATION may come now. */
  get expecting(): boolean {
    return this.#open !== undefined;
  }

  headers(flags: number, stream: number, payload: Buffer): ReceivedBlock | undefined {
    let piece = unpadded(flags, payload);
    if (flags & Flag.PRIORITY) piece = piece.subarray(PRIORITY_BYTES);
    const last = (flags & Flag.END_STREAM) !== 0;
    if (flags & Flag.END_HEADERS) return { stream, block: piece, last };
    this.#open = { stream, last, pieces: [Buffer.from(piece)], bytes: piece.length };
    return undefined;
  }

  continuation(flags: number, stream: number, payload: Buffer): ReceivedBlock | undefined {
    const open = this.#open;
    if (open?.stream !== stream) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'CONTINUATION of nothing');
    open.pieces.push(Buffer.from(payload));
    open.bytes += payload.length;
    if (open.bytes > LONGEST_LIST || open.pieces.length > MOST_FRAMES) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'headers without an end');
    }
    if (!(flags & Flag.END_HEADERS)) return undefined;
    this.#open = undefined;
    return { stream, block: Buffer.concat(open.pieces), last: open.last };
  }
}

/** The payload of a frame that may be padded. */
export function unpadded(flags: number, payload: Buffer): Buffer {
  if (!(flags & Flag.PADDED)) return payload;
  const padding = payload[0] ?? payload.length;
  if (padding >= payload.length) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'more padding than frame');
  return payload.subarray(1, payload.length - padding);
}
