import type { MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import {
  type Announce,
  type Heartbeat,
  type SessionRequest,
  SessionRequestSchema,
  type SessionResponseSchema,
  State,
} from '@trellis/contracts/registry/v1';
import { alreadyExists, deadlineExceeded, invalidArgument, resourceExhausted, unavailable } from '@trellis/errors';
import { type StreamCall, validate } from '@trellis/service-defaults';
import type { Admission } from './admission.js';
import { Allowance } from '../limits/allowance.js';
import type { Release, SessionId } from '../catalogue/command.js';
import type { HeldGrant } from '../credentials/credentials-file.js';
import type { Registry } from '../registry.js';

/** A stream that says nothing is closed after this long, in milliseconds. */
const ANNOUNCE_WITHIN = 5_000;
/** Messages: a heartbeat every two seconds and some changes of state, with room for a nervous start. */
const ALLOWED = { burst: 20, perSecond: 5 };

/** What an instance may say of itself; UNSPECIFIED leaves it as it was. */
const OWN_STATES: ReadonlySet<State> = new Set([State.UNSPECIFIED, State.SERVING, State.NOT_SERVING, State.DRAINING]);

export type SessionStream = ServerDuplexStream<SessionRequest, MessageInitShape<typeof SessionResponseSchema>>;

/** One instance's stream, from its first announcement to the entry's end or its own. */
export class Session {
  readonly #stream: SessionStream;
  readonly #call: Pick<StreamCall, 'signal' | 'fail'>;
  readonly #registry: Registry;
  readonly #admission: Admission;
  readonly #held: HeldGrant;
  readonly #id: SessionId;
  readonly #forget: () => void;
  readonly #allowance: Allowance;
  readonly #silence: NodeJS.Timeout;
  #instanceId: string | undefined;
  #open = true;

  /** `hold` throws UNAUTHENTICATED, and calls back when the credential is taken back. */
  constructor(
    stream: SessionStream,
    call: Pick<StreamCall, 'signal' | 'fail'>,
    registry: Registry,
    admission: Admission,
    hold: (lost: (error: unknown) => void) => HeldGrant,
  ) {
    this.#stream = stream;
    this.#call = call;
    this.#registry = registry;
    this.#admission = admission;
    this.#held = hold((error) => this.#fail(error));
    try {
      ({ id: this.#id, close: this.#forget } = registry.openSession(this.#held.grant.service, (release) =>
        this.#released(release),
      ));
    } catch (error) {
      this.#held.release();
      throw error;
    }
    this.#allowance = new Allowance(ALLOWED.burst, ALLOWED.perSecond, registry.now());
    this.#silence = setTimeout(
      () => this.#fail(deadlineExceeded(`Announce an instance within ${ANNOUNCE_WITHIN} ms`)),
      ANNOUNCE_WITHIN,
    );
    stream.on('data', (request: SessionRequest) => this.#hear(request));
    stream.on('end', () => this.#broken());
    call.signal.addEventListener('abort', () => this.#aborted(), { once: true });
    if (call.signal.aborted) this.#aborted();
  }

  #hear(request: SessionRequest): void {
    if (!this.#open) return;
    try {
      if (!this.#allowance.take(this.#registry.now())) {
        throw resourceExhausted('Too many messages', { reason: 'TOO_MANY_MESSAGES', retryAfter: 5 });
      }
      this.#registry.limits.take(this.#held.grant.service, 'messages');
      // A heartbeat is one word, and there are thousands of them a second.
      if (request.message.case === 'heartbeat') return this.#beat(request.message.value);
      validate(SessionRequestSchema, request);
      if (request.message.case === 'announce') return this.#announce(request.message.value);
      this.#requireAnnounced();
      this.#registry.apply({ kind: 'leave', session: this.#id });
    } catch (error) {
      this.#fail(error);
    }
  }

  #beat({ state }: Heartbeat): void {
    this.#requireAnnounced();
    if (!OWN_STATES.has(state))
      throw invalidArgument([{ field: 'heartbeat.state', description: 'is for the registry to say' }]);
    this.#registry.apply({ kind: 'beat', session: this.#id, state });
  }

  #requireAnnounced(): void {
    if (this.#instanceId === undefined) throw invalidArgument([{ field: 'announce', description: 'comes first' }]);
  }

  #announce(announce: Announce): void {
    const { catalogue, timing, limits } = this.#registry;
    const { grant } = this.#held;
    limits.take(grant.service, 'announcements');
    const id = announce.instance?.id ?? '';
    if (this.#instanceId !== undefined && id !== this.#instanceId) {
      throw invalidArgument([{ field: 'announce.instance.id', description: 'stays the same within a session' }]);
    }
    const descriptorSet = this.#contractOf(announce);
    if (!descriptorSet) return void this.#stream.write({ contractWanted: true });
    const admitted = this.#admission.admit({ ...announce, descriptorSet }, grant);
    clearTimeout(this.#silence);
    this.#instanceId = id;
    this.#registry.apply({ kind: 'announce', session: this.#id, ...admitted });
    this.#stream.write({
      heartbeatInterval: durationFromMs(timing.heartbeat),
      lease: durationFromMs(timing.lease),
      epoch: catalogue.epoch,
      pending: [...catalogue.pending(id)],
    });
  }

  /** Undefined when it is announced by its hash, and no instance of the service has it. */
  #contractOf({ instance, descriptorSet }: Announce): Uint8Array | undefined {
    const { contractHash = '', service } = instance ?? {};
    if (descriptorSet.length > 0 || contractHash === '') return descriptorSet;
    const { catalogue } = this.#registry;
    for (const holder of catalogue.holders(contractHash)) {
      if (holder.service === service) return catalogue.contract(contractHash);
    }
    return undefined;
  }

  #released({ reason }: Release): void {
    if (reason === 'deregistered') {
      if (this.#close()) this.#stream.end();
    } else if (reason === 'superseded') {
      this.#fail(alreadyExists('Another session has announced this instance', { reason: 'SUPERSEDED' }));
    } else if (reason === 'replaced') {
      this.#fail(alreadyExists('Another instance has announced this address', { reason: 'REPLACED' }));
    } else {
      this.#fail(unavailable(`No longer listed: ${reason}. Announce again.`, { reason: 'NOT_LISTED' }));
    }
  }

  /** The caller is gone; or this registry is about to end, which is nobody's fault and nothing to tell watchers. */
  #aborted(): void {
    if (this.#stream.cancelled) this.#broken();
    else this.#close();
  }

  #broken(): void {
    if (!this.#close()) return;
    this.#registry.apply({ kind: 'break', session: this.#id });
    this.#stream.end();
  }

  #fail(error: unknown): void {
    if (!this.#close()) return;
    this.#registry.apply({ kind: 'break', session: this.#id });
    this.#call.fail(error);
  }

  /** Whether it was open. */
  #close(): boolean {
    if (!this.#open) return false;
    this.#open = false;
    clearTimeout(this.#silence);
    this.#forget();
    this.#held.release();
    return true;
  }
}
