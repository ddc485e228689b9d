import { type MessageInitShape, create } from '@bufbuild/protobuf';
import { durationMs } from '@bufbuild/protobuf/wkt';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { type SessionRequest, SessionRequestSchema, type SessionResponse } from '@trellis/contracts/registry/v1';
import { type ServiceError, unavailable } from '@trellis/errors';
import { AnnounceMessage } from './announce-message.js';
import type { AnnounceOptions, Announcement, OwnState } from './announcement.js';
import { holdStream } from './hold-stream.js';
import { stateNumber } from './instance-message.js';
import { type Outcome, isRefusal, reconnect } from './reconnect.js';
import { RegistryClient } from './registry-client.js';

type Message = MessageInitShape<typeof SessionRequestSchema>['message'];
type Stream = ClientDuplexStream<SessionRequest, SessionResponse>;

/** Bounds of the interval that a registry may ask for, in milliseconds. */
const HEARTBEAT = { min: 100, max: 60_000 };
const LEAVE_TIMEOUT_MS = 2_000;

/** Announces the instance, keeps the session alive and announces again whenever it broke. */
export function announce(options: AnnounceOptions): Announcement {
  return new AnnouncedSession(options);
}

/** One instance's session with the registry, over as many streams as it takes. */
class AnnouncedSession implements Announcement {
  readonly #options: AnnounceOptions;
  readonly #announce: AnnounceMessage;
  readonly #closed = new AbortController();
  readonly #ended: Promise<void>;
  readonly #waiting = new Set<() => void>();
  #state: OwnState;
  #stream: Stream | undefined;
  #accepted = false;
  #hasBeenListed = false;
  #leaving = false;
  #pending = false;
  #left: Promise<void> | undefined;
  #refusal: ServiceError | undefined;

  constructor(options: AnnounceOptions) {
    this.#options = options;
    this.#state = options.state ?? 'SERVING';
    const { logger, random = Math.random } = options;
    this.#announce = new AnnounceMessage(options.instance, options.services);
    this.#ended = reconnect({
      purpose: 'announcement',
      connect: (signal) => this.#hold(signal),
      signal: this.#closed.signal,
      logger,
      random,
    });
  }

  async accepted(withinMs: number): Promise<void> {
    if (this.#accepted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      this.#waiting.add(done);
    });
    if (this.#accepted) return;
    throw this.#refusal ?? unavailable('The registry cannot be reached', { reason: 'REGISTRY_UNREACHABLE' });
  }

  setState(state: OwnState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#beat();
  }

  leave(): Promise<void> {
    this.#left ??= this.#leave();
    return this.#left;
  }

  async #leave(): Promise<void> {
    this.#send({ case: 'leave', value: {} });
    this.#leaving = true; // the end of this stream is the last one
    if (!this.#stream) this.#closed.abort();
    const late = setTimeout(() => this.#closed.abort(), LEAVE_TIMEOUT_MS);
    await this.#ended;
    clearTimeout(late);
  }

  /** One stream, from the announcement to its end. */
  #hold(signal: AbortSignal): Promise<Outcome> {
    const { address, credential } = this.#options;
    const client = new RegistryClient(address, credential);
    const stream = client.session();
    let beating: NodeJS.Timeout | undefined;
    const outcome = holdStream<SessionResponse>(stream, signal, {
      onMessage: (response) => {
        if (response.contractWanted) return this.#say(true);
        beating ??= setInterval(() => this.#beat(), heartbeatInterval(response));
        if (!this.#accepted) this.#accept(response);
        this.#notePending(response);
      },
      onEnd: (error) => {
        clearInterval(beating);
        client.close();
        this.#stream = undefined;
        this.#accepted = false;
        if (error && isRefusal(error)) this.#refusal = error;
        if (this.#leaving) this.#closed.abort();
      },
    });
    this.#stream = stream;
    // After a restart thousands come back at once, and the registry knows most contracts from its snapshot or the first ones.
    this.#say(!this.#hasBeenListed);
    return outcome;
  }

  /** `whole`: with the contract, and not its hash alone. */
  #say(whole: boolean): void {
    this.#send({ case: 'announce', value: this.#announce.message(this.#state, whole) });
  }

  #accept({ epoch }: SessionResponse): void {
    const { logger, instance, address } = this.#options;
    this.#accepted = true;
    this.#hasBeenListed = true;
    this.#refusal = undefined;
    logger.info({ address, epoch, service: instance.service, instance: instance.id }, 'listed in the registry');
    for (const done of this.#waiting) done();
  }

  /** Says it when the contract has to wait for an operator, and again when one has admitted it. */
  #notePending({ pending }: SessionResponse): void {
    const { logger, instance } = this.#options;
    const facts = { service: instance.service, instance: instance.id, contract: this.#announce.contractHash };
    if (pending.length > 0) {
      logger.warn({ ...facts, reasons: pending }, 'takes no calls: its contract waits for an operator to approve it');
    } else if (this.#pending) logger.info(facts, 'its contract has been approved');
    this.#pending = pending.length > 0;
  }

  #beat(): void {
    this.#send({ case: 'heartbeat', value: { state: stateNumber(this.#state) } });
  }

  #send(message: Message): void {
    if (!this.#leaving) this.#stream?.write(create(SessionRequestSchema, { message }));
  }
}

function heartbeatInterval({ heartbeatInterval: wish }: SessionResponse): number {
  return Math.min(HEARTBEAT.max, Math.max(HEARTBEAT.min, wish ? durationMs(wish) : 0));
}
