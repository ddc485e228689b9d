import { LatencyBaseline } from './latency-baseline.js';

/** The least limit of Netflix's Gradient2Limit. It starts higher than theirs, so that a start under full load refuses nobody. */
const DEFAULTS = { min: 20, max: 1_000, initial: 100 };
/** Envoy updates its limit ten times a second; Netflix's WindowedLimit asks for ten calls. */
const WINDOW = { ms: 100, calls: 10 };
/** Netflix's GradientLimit: a call may take half as long again before that counts as waiting. */
const TOLERANCE = 1.5;
/** Waiting that nobody minds. Without it a method of one millisecond would be limited at two. */
const GRACE_MS = 50;
/** Netflix and Envoy alike: one bad window takes no more than half. */
const LEAST_GRADIENT = 0.5;
/**
 * Three calls at once are Envoy's while it measures its minRTT; every ten seconds is BBR's ("BBR: Congestion-Based Congestion
 * Control", ACM Queue 14(5), 2016). The first probe is sooner, for a process that has known nothing but overload.
 */
const PROBE = { first: 1_000, every: 10_000, jitter: 0.2, atOnce: 3, calls: 10, atMostMs: 2_000 };

export interface GradientLimitOptions {
  /** Calls at once that are let in however slow they are, but for the moments of a probe. */
  readonly min?: number;
  readonly max?: number;
  /** Where it starts, before anything is known. */
  readonly initial?: number;
}

/** How many calls a process takes at once, found out from how long they take. Times are milliseconds. */
export interface GradientLimit {
  /** Whether the call is let in. Each one let in must be released. */
  acquire(now: number): boolean;
  /**
   * A call has ended.
   *
   * @param kind calls that take about as long: a method. From a bounded set.
   * @param ok false when it was not answered in full (an error, a deadline): it would have taken at least that long
   */
  release(kind: string, latencyMs: number, ok: boolean, now: number): void;
  readonly limit: number;
  readonly inFlight: number;
}

/**
 * The limit follows the gradient between what calls take and what they take without a queue, like Netflix's concurrency-limits
 * (GradientLimit, https://github.com/Netflix/concurrency-limits) and Envoy's adaptive concurrency filter:
 *
 *     limit ← limit × clamp(tolerated ÷ taken, ½, 1) + √limit
 *
 * Where it differs:
 * - What calls take without a queue is known for each kind of them, so that a slow method is not taken for a slow process.
 * - It is learned only while calls are not slow and less than half of the limit is in use, so that a long overload never
 *   becomes the usual.
 * - Envoy holds everybody back for a moment each minute to measure it. Here only a process does that which refuses calls
 *   anyway, and has done so for ten seconds on end: should its calls have become slower by nature, it finds out.
 *
 * @param random from 0 to below 1; keeps the instances of a service from probing at the same time
 */
export function gradientLimit(options: GradientLimitOptions, random: () => number): GradientLimit {
  return new Gradient({ ...DEFAULTS, ...options }, random);
}

interface Window {
  readonly since: number;
  calls: number;
  /** What the calls took, and what is tolerated for them. */
  took: number;
  tolerated: number;
  /** Most calls at once. */
  peak: number;
  refused: boolean;
}

interface Probe {
  readonly until: number;
  /** Calls let in before it that are still to end; undefined while they are too many to measure anything. */
  earlier: number | undefined;
  measured: number;
}

class Gradient implements GradientLimit {
  readonly #bounds: Required<GradientLimitOptions>;
  readonly #random: () => number;
  readonly #baselines = new Map<string, LatencyBaseline>();
  #limit: number;
  #inFlight = 0;
  #window: Window;
  #probe: Probe | undefined;
  /** When the next one is due; undefined while nobody is refused. */
  #probeAt: number | undefined;
  #probeAfter = PROBE.first;

  constructor(bounds: Required<GradientLimitOptions>, random: () => number) {
    this.#bounds = bounds;
    this.#random = random;
    this.#limit = this.#bounded(bounds.initial);
    this.#window = this.#newWindow(-Infinity);
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  acquire(now: number): boolean {
    if (this.#inFlight >= (this.#probing(now) ? PROBE.atOnce : this.limit)) {
      this.#window.refused = true;
      return false;
    }
    this.#inFlight += 1;
    this.#window.peak = Math.max(this.#window.peak, this.#inFlight);
    return true;
  }

  release(kind: string, latencyMs: number, ok: boolean, now: number): void {
    this.#inFlight -= 1;
    if (!(latencyMs >= 0 && latencyMs < Infinity)) return; // one NaN would stay in a mean for ever
    const baseline = this.#baseline(kind);
    const probe = this.#probing(now);
    if (probe) {
      if (this.#measures(probe) && ok) baseline.probe(latencyMs);
      return;
    }
    const usual = baseline.of(latencyMs);
    if (ok) baseline.count(latencyMs);
    else if (latencyMs <= usual) return; // a refusal is quick, and a short deadline says nothing about us
    const window = this.#window;
    window.calls += 1;
    window.took += latencyMs;
    window.tolerated += Math.max(usual * TOLERANCE, usual + GRACE_MS);
    // Not before the calls that the last limit let in have ended: a limit that reacts to its predecessor's calls would swing.
    const longEnough = Math.max(WINDOW.ms, window.took / window.calls);
    if (window.calls >= WINDOW.calls && now - window.since >= longEnough) this.#closeWindow(now);
  }

  #closeWindow(now: number): void {
    const { since, took, tolerated, peak, refused } = this.#window;
    const slow = took > tolerated;
    const inUse = peak >= this.#limit / 2;
    const busy = (slow || inUse) && peak > PROBE.atOnce;
    for (const baseline of this.#baselines.values()) baseline.closeWindow(now - since, busy);
    if (slow || inUse) {
      const gradient = Math.max(LEAST_GRADIENT, Math.min(1, tolerated / took));
      this.#limit = this.#bounded(this.#limit * gradient + Math.sqrt(this.#limit));
    }
    this.#planProbe(refused, now);
    this.#window = this.#newWindow(now);
  }

  #planProbe(refused: boolean, now: number): void {
    if (!refused) {
      this.#probeAt = undefined;
      return;
    }
    this.#probeAt ??= now + this.#probeAfter * (1 + PROBE.jitter * this.#random());
    if (now < this.#probeAt) return;
    this.#probe = { until: now + PROBE.atMostMs, earlier: undefined, measured: 0 };
    this.#probeAt = undefined;
    this.#probeAfter = PROBE.every;
  }

  /** The probe that is going on. */
  #probing(now: number): Probe | undefined {
    const probe = this.#probe;
    if (!probe || (now < probe.until && probe.measured < PROBE.calls)) return probe;
    this.#probe = undefined;
    this.#window = this.#newWindow(now);
    return undefined;
  }

  /** Whether the call that has just ended was let in by the probe, as far as can be told without marking calls. */
  #measures(probe: Probe): boolean {
    if (probe.earlier === undefined) {
      if (this.#inFlight <= PROBE.atOnce) probe.earlier = this.#inFlight;
      return false;
    }
    if (probe.earlier > 0) {
      probe.earlier -= 1;
      return false;
    }
    probe.measured += 1;
    return true;
  }

  #baseline(kind: string): LatencyBaseline {
    const known = this.#baselines.get(kind);
    if (known) return known;
    const baseline = new LatencyBaseline();
    this.#baselines.set(kind, baseline);
    return baseline;
  }

  #bounded(limit: number): number {
    return Math.max(this.#bounds.min, Math.min(this.#bounds.max, limit));
  }

  #newWindow(since: number): Window {
    return { since, calls: 0, took: 0, tolerated: 0, peak: this.#inFlight, refused: false };
  }
}
