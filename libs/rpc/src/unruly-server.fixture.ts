import { Code, DETAILS_KEY, encodeStatus, resourceExhausted, unavailable } from '@trellis/errors';
import {
  HEAD,
  type Peer,
  RawServer,
  frame,
  goaway,
  headers,
  reset,
  settings,
  uint32s,
} from './grpc/raw-server.fixture.js';
import { ErrorCode, Flag, FrameType, LARGEST_PAYLOAD, Setting } from './http2/frame.js';

/** What a server may do with a call; the more often listed, the likelier. `true`: it was carried out. */
const WHIMS = [
  ...Array.from({ length: 12 }, () => 'answers' as const),
  ...Array.from({ length: 6 }, () => 'delays' as const),
  'breaks off',
  'resets',
  'calms',
  'refuses the stream',
  'refuses for overload',
  'fails',
  'says goodbye before',
  'says goodbye after',
  'hangs',
  'vanishes',
] as const;
type Whim = (typeof WHIMS)[number];

const UNSEEN: ReadonlySet<Whim> = new Set(['refuses the stream', 'refuses for overload', 'says goodbye before']);

/** A server that echoes, and does with calls and connections whatever comes into its head. It keeps to the protocol. */
export class UnrulyServer {
  readonly #server: RawServer;
  readonly #random: () => number;
  /** Connections that said goodbye, with the last stream that they look at. */
  readonly #leaving = new Map<Peer, number>();
  readonly #seen = new Map<Peer, number>();
  /** The requests that were carried out, each as often as it was. */
  readonly done: string[] = [];
  /** From now on it only answers. */
  calm = false;

  constructor(random: () => number) {
    this.#random = random;
    const limits = settings(
      [Setting.INITIAL_WINDOW_SIZE, Math.floor(random() * 100_000)],
      [Setting.MAX_CONCURRENT_STREAMS, 1 + Math.floor(random() * 30)],
    );
    this.#server = new RawServer({ greeting: limits, request: (peer, stream) => this.#request(peer, stream) });
  }

  start(): Promise<string> {
    return this.#server.start();
  }

  stop(): void {
    this.#server.stop();
  }

  /** Connections that nobody has closed. */
  get connections(): number {
    return this.#server.peers.filter(({ socket }) => !socket.destroyed).length;
  }

  /** Gives windows room again, as every server does while it reads. */
  widen(): void {
    for (const peer of this.#server.peers) {
      if (peer.socket.destroyed) continue;
      const heads = peer.of(FrameType.HEADERS).slice(-50);
      const streams = heads.map(({ stream }) => frame(FrameType.WINDOW_UPDATE, 0, stream, uint32s(40_000)));
      peer.send(frame(FrameType.WINDOW_UPDATE, 0, 0, uint32s(100_000)), ...streams);
    }
  }

  #request(peer: Peer, stream: number): void {
    if (stream > (this.#leaving.get(peer) ?? Infinity)) return;
    const whim = this.calm ? 'answers' : (WHIMS[Math.floor(this.#random() * WHIMS.length)] ?? 'answers');
    const body = Buffer.concat(
      peer.frames
        .filter((each) => each.type === FrameType.DATA && each.stream === stream)
        .map(({ payload }) => payload),
    );
    const seen = this.#seen.get(peer) ?? 0;
    // Who has looked at a later stream cannot say of this one that it did not.
    const unseen = UNSEEN.has(whim) && !(whim === 'says goodbye before' && seen > stream);
    if (!unseen) {
      this.done.push(body.toString('latin1', 5, 13));
      this.#seen.set(peer, Math.max(seen, stream));
    }
    this.#act(whim, peer, stream, body);
  }

  #act(whim: Whim, peer: Peer, stream: number, body: Buffer): void {
    const answer = () => this.#answer(peer, stream, body);
    switch (whim) {
      case 'answers':
        return answer();
      case 'delays':
        return void setTimeout(answer, this.#random() * 60);
      case 'breaks off':
        return peer.send(
          headers(stream, HEAD),
          frame(FrameType.DATA, 0, stream, body.subarray(0, 7)),
          reset(stream, ErrorCode.PROTOCOL_ERROR),
        );
      case 'resets':
        return peer.send(reset(stream, ErrorCode.CANCEL));
      case 'calms':
        return peer.send(reset(stream, ErrorCode.ENHANCE_YOUR_CALM));
      case 'refuses the stream':
        return peer.send(reset(stream, ErrorCode.REFUSED_STREAM));
      case 'refuses for overload':
        return peer.send(refusal(stream, Code.RESOURCE_EXHAUSTED));
      case 'fails':
        return peer.send(refusal(stream, Code.UNAVAILABLE));
      case 'says goodbye before':
        return this.#leave(peer, Math.max(this.#seen.get(peer) ?? 0, stream - 2));
      case 'says goodbye after':
        this.#leave(peer, this.#seen.get(peer) ?? stream);
        return answer();
      case 'hangs':
        return;
      case 'vanishes':
        return void peer.socket.destroy();
    }
  }

  #answer(peer: Peer, stream: number, body: Buffer): void {
    if (peer.socket.destroyed) return;
    peer.send(headers(stream, HEAD));
    const largest = 1 + Math.floor(this.#random() * LARGEST_PAYLOAD);
    for (let at = 0; at < body.length; at += largest)
      peer.send(frame(FrameType.DATA, 0, stream, body.subarray(at, at + largest)));
    peer.send(headers(stream, { 'grpc-status': '0' }, Flag.END_STREAM));
  }

  #leave(peer: Peer, last: number): void {
    this.#leaving.set(peer, last);
    peer.send(goaway(last, ErrorCode.NO_ERROR));
    setTimeout(() => peer.socket.end(), 100);
  }
}

/** An answer of trailers only. */
function refusal(stream: number, code: Code): Buffer {
  const error = code === Code.UNAVAILABLE ? unavailable('no') : resourceExhausted('no', { reason: 'OVERLOADED' });
  const { message, details = new Uint8Array() } = encodeStatus(error);
  const status = {
    'grpc-status': String(code),
    'grpc-message': message,
    [DETAILS_KEY]: Buffer.from(details).toString('base64'),
  };
  return headers(stream, { ...HEAD, ...status }, Flag.END_STREAM);
}
