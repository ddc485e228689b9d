import { type MessageInitShape, create, toBinary } from '@bufbuild/protobuf';
import {
  type AnnounceSchema,
  Protocol,
  RegistryService,
  SessionRequestSchema,
  State,
} from '@trellis/contracts/registry/v1';
import { benchContract } from './bench-contract.js';
import { monotonic } from '../clock.js';
import { grpcMessage } from '../h2-wire.js';
import { LightStream } from './light-stream.js';
import type { SessionsOrder, SessionsReport, Target } from './orders.js';

/** As the registry asks for. Milliseconds. */
const HEARTBEAT = 2_000;
/** How often those who are due are made to beat. */
const STEP = 10;
/** New sessions a second at the beginning. */
const OPENING = 1_000;
/** As libs/discovery does, which keeps it to itself: full jitter under 200 ms, then under 4 s (its backoff.ts). */
const pause = (failures: number): number => Math.random() * (failures === 0 ? 200 : 4_000);

const beat = (state: State): Buffer =>
  grpcMessage(
    toBinary(SessionRequestSchema, create(SessionRequestSchema, { message: { case: 'heartbeat', value: { state } } })),
  );
const BEATS = { [State.SERVING]: beat(State.SERVING), [State.NOT_SERVING]: beat(State.NOT_SERVING) };

/** A SessionResponse that begins with field 5, a varint, has nothing before it: protobuf writes fields in order. */
const CONTRACT_WANTED = 0x28;

class LightSession {
  listed = false;
  #state: State.SERVING | State.NOT_SERVING = State.SERVING;
  #stream: LightStream | undefined;
  #failures = 0;
  #hasBeenListed = false;

  constructor(
    readonly target: Target,
    readonly caller: Target['callers'][number],
    readonly whole: Buffer,
    readonly byHash: Buffer,
  ) {}

  open(): void {
    this.#stream = new LightStream({
      port: this.target.port,
      path: `/${RegistryService.typeName}/Session`,
      credential: this.caller.credential,
      onOpen: () => {
        // Who was listed before announces its contract by its hash, as libs/discovery does.
        this.#stream?.sendFrames(this.#hasBeenListed ? this.byHash : this.whole);
        announced.push(monotonic());
      },
      onMessage: (head) => {
        if (head[0] === CONTRACT_WANTED) return this.#stream?.sendFrames(this.whole);
        this.listed = true;
        this.#hasBeenListed = true;
        this.#failures = 0;
        this.#state = State.SERVING;
        listed.push(monotonic());
        tellWhenAllAreListed();
      },
      onEnd: () => {
        this.listed = false;
        this.#stream = undefined;
        setTimeout(() => this.open(), pause(this.#failures++));
      },
    });
  }

  beat(): void {
    if (!this.listed) return;
    this.#stream?.sendFrames(BEATS[this.#state]);
    heartbeats += 1;
  }

  change(): void {
    this.#state = this.#state === State.SERVING ? State.NOT_SERVING : State.SERVING;
    this.#stream?.sendFrames(BEATS[this.#state]);
  }
}

const sessions: LightSession[] = [];
let announced: number[] = [];
let listed: number[] = [];
let heartbeats = 0;
let told = false;

const report = (message: SessionsReport): void => void process.send?.(message);

function tellWhenAllAreListed(): void {
  if (told || listed.length < sessions.length || !sessions.every((session) => session.listed)) return;
  told = true;
  report({ kind: 'all-listed' });
}

const announcement = (value: MessageInitShape<typeof AnnounceSchema>): Buffer =>
  grpcMessage(toBinary(SessionRequestSchema, create(SessionRequestSchema, { message: { case: 'announce', value } })));

async function open(target: Target, count: number): Promise<void> {
  const contracts = new Map(target.callers.map(({ service }) => [service, benchContract(service)]));
  for (let n = 0; n < count; n += 1) {
    const caller = target.callers[n % target.callers.length];
    const contract = caller && contracts.get(caller.service);
    if (!contract) throw new Error('There is no caller');
    const instance = {
      ...{ id: `${caller.service}-${n}`, service: caller.service, version: '1.0.0', zone: 'z1', weight: 100 },
      address: `127.0.0.1:${10_000 + n}`,
      protocol: Protocol.GRPC,
      state: State.SERVING,
      metadata: { pid: String(process.pid), start_time: '2026-01-01T00:00:00.000Z' },
      grpcServices: [contract.service],
    };
    const whole = announcement({ instance, descriptorSet: contract.descriptorSet });
    const byHash = announcement({ instance: { ...instance, contractHash: contract.hash } });
    sessions.push(new LightSession(target, caller, whole, byHash));
  }
  const perStep = Math.ceil((OPENING * STEP) / 1000);
  for (let n = 0; n < sessions.length; n += perStep) {
    for (const session of sessions.slice(n, n + perStep)) session.open();
    await new Promise((resolve) => setTimeout(resolve, STEP));
  }
}

/** Every session once in each interval, spread evenly over it. */
function keepBeating(): void {
  const rounds = HEARTBEAT / STEP;
  let round = 0;
  const began = monotonic();
  setInterval(() => {
    for (const until = Math.floor((monotonic() - began) / STEP); round < until; round += 1) {
      for (let n = round % rounds; n < sessions.length; n += rounds) sessions[n]?.beat();
    }
  }, STEP);
}

async function change(times: number): Promise<number[]> {
  const at: number[] = [];
  for (let n = 0; n < times; n += 1) {
    at.push(monotonic());
    sessions[(n * 37) % sessions.length]?.change();
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 100));
  }
  return at;
}

function count(): void {
  const listedNow = sessions.filter((session) => session.listed).length;
  report({ kind: 'counted', announced, listed, heartbeats, listedNow });
  announced = [];
  listed = [];
  heartbeats = 0;
}

process.on('message', (order: SessionsOrder) => {
  if (order.kind === 'open') {
    keepBeating();
    void open(order.target, order.sessions);
  } else if (order.kind === 'change') void change(order.times).then((at) => report({ kind: 'changed', at }));
  else count();
});
process.on('disconnect', () => process.exit(0));
