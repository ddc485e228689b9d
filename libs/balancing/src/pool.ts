import type { CallResult, Candidate, Endpoint, EndpointState } from './endpoint.js';
import { firstUntried } from './draw.js';
import { mix } from './hash.js';
import { follow } from './members.js';
import { type EjectionEvent, OUTLIER_DEFAULTS, OutlierDetector } from './outlier.js';
import type { PoolOptions } from './pool-options.js';
import { startSlowly, warmth } from './slow-start.js';
import { ease, strain } from './strain.js';
import { strategyOf } from './strategies.js';
import type { Picker, Random, Strategy } from './strategy.js';
import { type SubsetOptions, subset } from './subset.js';
import { spread } from './zones.js';

/** The endpoints of one service and who gets the next call. Times are milliseconds of one monotonic clock. */
export interface Pool<T extends Candidate> {
  /** The list has changed. What is known of those who stay is kept; a second candidate of one id is ignored. */
  update(candidates: readonly T[], now: number): void;
  /**
   * Who gets this call; undefined only when nobody is there. Those in `tried` are avoided whenever another is there, an
   * ejected one if need be. `hash`, any integer, keeps requests together in strategies that look at it.
   */
  pick(now: number, tried: readonly Endpoint<T>[], hash?: number): Endpoint<T> | undefined;
  /** A call goes out. */
  begin(endpoint: Endpoint<T>, now: number): void;
  /** …and has ended, after so many milliseconds. Every begin has one end. Says so when this ejected the endpoint. */
  end(endpoint: Endpoint<T>, result: CallResult, latencyMs: number, now: number): EjectionEvent<T> | undefined;
  /** All that the pool may pick from, ejected ones too. */
  readonly endpoints: readonly Endpoint<T>[];
  stats(now: number): PoolStats;
}

/** For metrics and the command line. */
export interface PoolStats {
  readonly size: number;
  readonly ejected: number;
  /** Ejections are ignored: too few are left, or none of them is any good. */
  readonly panic: boolean;
  /** Share of the calls that stay in the caller's zone, 0 to 1; 1 where zones are not looked at. */
  readonly localShare: number;
}

export const createPool = <T extends Candidate>(options: PoolOptions): Pool<T> => new BalancingPool<T>(options);

/** In the order of a pick: subset → in rotation, or panic → zone → strategy → does the picked one take its share. */
class BalancingPool<T extends Candidate> implements Pool<T> {
  readonly #random: Random;
  readonly #strategy: Strategy;
  readonly #subset: SubsetOptions | undefined;
  readonly #zone: string;
  readonly #slowStartMs: number;
  readonly #panicThreshold: number;
  readonly #outliers: OutlierDetector | undefined;
  readonly #local: Picker<T>;
  readonly #others: Picker<T>;
  #members: readonly EndpointState<T>[] = [];
  /** Those in rotation, or in panic all. */
  #usable: readonly EndpointState<T>[] = [];
  #panic = false;
  #localShare = 1;
  /** When the next ejection ends. */
  #due = Infinity;

  constructor({ strategy, random, zone = '', slowStartMs = 0, panicThreshold = 0.5, outlier, subset }: PoolOptions) {
    this.#random = random;
    this.#strategy = strategyOf(strategy);
    this.#subset = subset;
    this.#zone = this.#strategy.byHash ? '' : zone;
    this.#slowStartMs = slowStartMs;
    this.#panicThreshold = panicThreshold;
    this.#outliers = outlier === false ? undefined : new OutlierDetector({ ...OUTLIER_DEFAULTS, ...outlier });
    this.#local = this.#strategy.picker(random);
    this.#others = this.#strategy.picker(random);
  }

  get endpoints(): readonly Endpoint<T>[] {
    return this.#members;
  }

  update(candidates: readonly T[], now: number): void {
    const chosen = this.#subset ? subset(candidates, this.#subset) : candidates;
    this.#members = follow(this.#members, chosen, this.#slowStartMs, now);
    this.#arrange(now);
  }

  pick(now: number, tried: readonly Endpoint<T>[], hash?: number): Endpoint<T> | undefined {
    if (now >= this.#due) this.#arrange(now);
    if (tried.length > 0) pass(tried, true);
    // Zones that neither keep this call nor have capacity to spare, and last those out of rotation, are better than one
    // that was tried.
    const picked = this.#pickWilling(now, hash) ?? firstUntried(this.#usable, 0) ?? firstUntried(this.#members, 0);
    if (tried.length > 0) pass(tried, false);
    return picked ?? this.#draw(now, hash);
  }

  begin(endpoint: Endpoint<T>, now: number): void {
    const state: EndpointState<T> = endpoint;
    if (state.active++ === 0) state.waitingSince = now;
  }

  end(endpoint: Endpoint<T>, result: CallResult, latencyMs: number, now: number): EjectionEvent<T> | undefined {
    const state: EndpointState<T> = endpoint;
    if (state.active > 0) state.active--;
    if (result === 'ok') state.waitingSince = now;
    strain(state, result, now);
    // One NaN would stay in an average for ever.
    if (latencyMs >= 0 && latencyMs < Infinity) this.#strategy.learn?.(state, result, latencyMs, now);
    if (!state.member) return undefined;
    const failed = this.#outliers?.fails(state);
    const ejection = this.#outliers?.report(state, result, now, this.#members);
    const turned = this.#due < Infinity && this.#outliers?.fails(state) !== failed;
    if (ejection || turned) this.#arrange(now);
    return ejection;
  }

  stats(now: number): PoolStats {
    if (now >= this.#due) this.#arrange(now);
    const ejected = this.#members.filter(({ ejectedUntil }) => ejectedUntil > now).length;
    return { size: this.#members.length, ejected, panic: this.#panic, localShare: this.#localShare };
  }

  /** Prepares what the next picks choose from: after a change of the list, of who is out, or of who fails beside them. */
  #arrange(now: number): void {
    this.#due = Infinity;
    for (const endpoint of this.#members) {
      if (endpoint.ejectedUntil > now) this.#due = Math.min(this.#due, endpoint.ejectedUntil);
      else if (endpoint.ejectedUntil > 0) {
        endpoint.ejectedUntil = 0;
        startSlowly(endpoint, this.#slowStartMs, now);
      }
    }
    const inRotation = this.#members.filter(({ ejectedUntil }) => ejectedUntil === 0);
    const noneGood = inRotation.every((endpoint) => this.#outliers?.fails(endpoint));
    this.#panic =
      inRotation.length < this.#panicThreshold * this.#members.length ||
      (noneGood && inRotation.length < this.#members.length);
    this.#usable = this.#panic ? this.#members : inRotation;
    const { local, others, localShare } =
      this.#zone === '' || this.#panic
        ? { local: this.#usable, others: [], localShare: 1 }
        : spread(this.#members, this.#usable, this.#zone);
    this.#localShare = localShare;
    this.#local.prepare(local);
    this.#others.prepare(others);
  }

  #draw(now: number, hash: number | undefined): Endpoint<T> | undefined {
    const stays = this.#localShare >= 1 || this.#random() < this.#localShare;
    return stays
      ? (this.#local.pick(now, hash) ?? this.#others.pick(now, hash))
      : (this.#others.pick(now, hash) ?? this.#local.pick(now, hash));
  }

  /** Who warms up or is under strain hands a part of its calls on, twice at most: then the third takes it regardless. */
  #pickWilling(now: number, hash: number | undefined): Endpoint<T> | undefined {
    const first: EndpointState<T> | undefined = this.#draw(now, hash);
    if (!first || this.#takes(first, now, hash, 1)) return first;
    first.passed = true;
    const second: EndpointState<T> | undefined = this.#draw(now, hash);
    let picked = second;
    if (second && !this.#takes(second, now, hash, 2)) {
      second.passed = true;
      picked = this.#draw(now, hash) ?? second;
      second.passed = false;
    }
    first.passed = false;
    return picked ?? first;
  }

  /** With a hash the same requests are handed on each time, so that keys move over one by one. */
  #takes(endpoint: Endpoint<T>, now: number, hash: number | undefined, draw: number): boolean {
    if (endpoint.strain === 0 && now >= endpoint.warmAt) return true;
    const part = warmth(endpoint, now) * ease(endpoint, now);
    return (hash === undefined ? this.#random() : mix(mix(hash) + draw) / 2 ** 32) < part;
  }
}

function pass<T extends Candidate>(endpoints: readonly EndpointState<T>[], passed: boolean): void {
  for (const endpoint of endpoints) endpoint.passed = passed;
}
