import type { Instance } from '@trellis/discovery';
import type { ManualDirectory } from '@trellis/discovery/testing';
import { type Code, ServiceError, resourceExhausted, unavailable } from '@trellis/errors';
import { ManualClock } from '@trellis/testing';
import type { CallPolicies } from './policy/call-policies.js';
import { createRpc } from './create-rpc.js';
import { ECHO, directoryOf, echoAt } from './platform.fixture.js';
import type { Rpc, UnaryAnswer, UnaryCall } from './rpc.js';
import { type Attempt, AttemptFailure, type Transport } from './transport.js';

export const READ: UnaryCall = { service: 'echo', path: ECHO, request: new Uint8Array([1]), repeatable: true };
export const WRITE: UnaryCall = { ...READ, repeatable: false };

/** Failures of attempts, as the transport tells of them. */
export const failing = {
  unsent: () => new AttemptFailure('unsent', unavailable('refused', { reason: 'CONNECT_FAILED' })),
  lost: () => new AttemptFailure('unknown', unavailable('lost', { reason: 'CONNECTION_LOST' })),
  answered: (code: Code, reason?: string) => new AttemptFailure('final', new ServiceError(code, 'no', { reason })),
  overloaded: () => new AttemptFailure('final', resourceExhausted('no room', { reason: 'OVERLOADED' })),
};

/** What an instance does with a call. By default it answers with what it got. */
export type Behaviour = (attempt: Attempt) => Uint8Array | AttemptFailure | Promise<Uint8Array>;

/** A transport that asks nobody: the spec says what each address does. */
class ScriptedTransport implements Transport {
  readonly attempts: Attempt[] = [];
  readonly behaviours = new Map<string, Behaviour>();
  retained: readonly string[] = [];

  async unary(attempt: Attempt): Promise<Uint8Array> {
    this.attempts.push(attempt);
    const done = await (this.behaviours.get(attempt.address)?.(attempt) ?? attempt.request);
    if (done instanceof AttemptFailure) throw done;
    return done;
  }

  retain(addresses: ReadonlySet<string>): void {
    this.retained = [...addresses];
  }

  close(): void {
    this.retained = [];
  }
}

/** A whole stack on a clock that stands still, above instances `a`, `b`, … of the echo service. */
export class ScriptedStack {
  readonly clock = new ManualClock();
  readonly transport = new ScriptedTransport();
  readonly directory: ManualDirectory;
  readonly warnings: string[] = [];
  readonly rpc: Rpc;

  constructor(names: string, policies: CallPolicies = {}, random: () => number = () => 0) {
    const { now } = this.clock;
    this.directory = directoryOf(...[...names].map((name) => instance(name)));
    const logger = { debug: () => undefined, warn: (_: unknown, text?: string) => void this.warnings.push(text ?? '') };
    const inTurn: CallPolicies = { ...policies, defaults: { strategy: 'round-robin', ...policies.defaults } };
    const { directory, transport } = this;
    this.rpc = createRpc({ directory, logger, transport, policies: inTurn, now, elapsed: now, random });
  }

  /** From now on this instance does that. */
  let(name: string, behaviour: Behaviour): void {
    this.transport.behaviours.set(instance(name).address, behaviour);
  }

  /** Who was asked, in order. */
  get asked(): string {
    return this.transport.attempts.map(({ address }) => nameOf(address)).join('');
  }

  /** How a call ended: who answered, or the code's reason. */
  async ending(call: UnaryCall = READ): Promise<string> {
    try {
      return tellOf(await this.rpc.unary(call));
    } catch (error) {
      const { reason, message } = ServiceError.from(error);
      return reason ?? message;
    }
  }

  /** The same for so many calls, one after the other. */
  async endings(count: number, call: UnaryCall = READ): Promise<string[]> {
    const ends: string[] = [];
    for (let i = 0; i < count; i++) ends.push(await this.ending(call));
    return ends;
  }
}

const tellOf = ({ instance: by, fallback }: UnaryAnswer): string => fallback ?? by?.id ?? '';

/** Instance `a` is at 127.0.0.1:1, `b` at 127.0.0.1:2, and so on. */
export const instance = (name: string, changes: Partial<Instance> = {}): Instance =>
  echoAt(`127.0.0.1:${name.charCodeAt(0) - 96}`, { id: name, ...changes });

const nameOf = (address: string): string => String.fromCharCode(96 + Number(address.split(':')[1]));
