import { readFileSync } from 'node:fs';
import { STRATEGY_NAMES } from '@trellis/balancing';
import { duration } from '@trellis/config-file';
import { z } from 'zod';

const share = z.number().min(0).max(1);
const count = z.int().min(1).max(10_000);
const name = z.string().min(1).max(64);

const retries = z.strictObject({
  /** In all, the first one included. 1: never again. */
  attempts: z.int().min(1).max(10),
  /** Longest wait before the second attempt; it doubles with each further one, and the real wait is random below it. */
  backoff: duration,
  maxBackoff: duration,
});

/** Of a service, whatever the method: what its retries and hedges may add to its load. */
const budget = z.strictObject({
  /** Of its requests in the last ten seconds. */
  ratio: share,
  /** A second, for services that are hardly called. */
  floor: z.number().min(0).max(1_000),
});

const breaker = z.strictObject({
  /** Methods of a service with one name share one breaker. */
  group: name,
  failureRate: share.refine((value) => value > 0, 'above 0'),
  /** Fewer calls than this within the window prove nothing. */
  minimum: count,
  window: duration,
  /** How long nothing is sent once it opened. */
  open: duration,
  /** Calls let through to see whether the service is back. */
  probes: z.int().min(1).max(100),
});

const bulkhead = z.strictObject({
  /** Methods of a service with one name share one bulkhead. */
  group: name,
  /** Calls under way at once. */
  limit: count,
  /** Calls that wait for one of these to end. */
  queue: z.int().min(0).max(10_000),
});

const hedge = z.strictObject({
  /** A second attempt starts when the first has taken longer than this share of calls do. */
  quantile: z.number().min(0.5).max(0.999),
  /** …and never earlier than this. */
  minDelay: duration,
});

const fallback = z.strictObject({
  /** Name of a registered service that has the same methods. */
  service: name.optional(),
  /** The last good answer to the same request of the same caller, if it is not older than this. */
  lastGood: z.strictObject({ maxAge: duration, entries: count.default(1_000) }).optional(),
  /** The JSON form of the method's response message. */
  answer: z.json().optional(),
});

const hash = z
  .strictObject({ header: name.toLowerCase(), cookie: name, field: name })
  .partial()
  .refine((by) => Object.keys(by).length === 1, 'name exactly one of header, cookie and field');

const outlier = z.strictObject({
  /** Failures in a row that put an instance out. */
  consecutive: count,
  /** First time out; it grows with each further one. */
  ejection: duration,
  maxEjection: duration,
  /** Never more of the instances than this, but always one. */
  maxEjected: share,
});

/** PEM text, or the path of a file with it, which is read here: what cannot be read is a fault of the policies. */
const pem = z.string().transform((given, context) => {
  if (given.startsWith('-----BEGIN ')) return given;
  try {
    const text = readFileSync(given, 'utf8');
    if (text.includes('-----BEGIN ')) return text;
    context.addIssue({ code: 'custom', message: `${given} is no PEM file` });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    context.addIssue({ code: 'custom', message: `${given} cannot be read: ${code}` });
  }
  return z.NEVER;
});

/** Peers prove who they are, always. */
const tls = z.strictObject({
  /** Whose signature counts; Node's own list when absent. */
  ca: pem.optional(),
  /** The name in the certificate; the host of the address when absent. */
  serverName: name.optional(),
});

const off = z.literal(false);

/** What one entry of the file may say. Each part is optional: what is left out stays as it is one level above. */
const overrides = z
  .strictObject({
    strategy: z.enum(STRATEGY_NAMES),
    /** The most a call may take, retries included, however much time its caller has. */
    timeout: duration,
    /** When a call that may be repeated is given up on one instance and sent to another. */
    attemptTimeout: duration,
    retries: z.union([off, retries.partial()]),
    breaker: z.union([off, breaker.partial()]),
    bulkhead: z.union([off, bulkhead.partial()]),
    hedge: z.union([off, hedge.partial()]),
    fallback: z.union([off, fallback]),
    hash,
    outlier: z.union([off, outlier.partial()]),
    /** Whether instances of the own zone go first. */
    zone: z.boolean(),
    /** Time over which a new instance gets its full share. */
    slowStart: duration,
    /** Share of usable instances under which all of them are picked again, ejected or not. */
    panic: share,
    /** Call only so many of the instances, chosen by who calls. */
    subset: count,
  })
  .partial();

/** What holds for a service as a whole, whatever the method. */
const whole = overrides.extend({
  budget: budget.partial().optional(),
  /** Until an instance has taken a connection, and shown its certificate. */
  connectTimeout: duration.optional(),
  /** Until its answer begins, and between two pieces of its body. */
  readTimeout: duration.optional(),
  /** How long it may let a request stand that has not been sent as a whole. HTTP only. */
  writeTimeout: duration.optional(),
  /** Connections to its HTTP instances are encrypted. */
  tls: z.union([z.boolean(), tls]).optional(),
});

/** What may be set of one service, for files that hold more beside it. */
export const servicePolicy = whole.extend({
  /** By `GetPost`, `BlogService/GetPost` or the full name with its package. */
  methods: z.record(z.string(), overrides).optional(),
});

/** The whole file. */
export const callPolicies = z.strictObject({
  defaults: whole.optional(),
  services: z.record(z.string(), servicePolicy).optional(),
});

export type PolicyOverrides = z.output<typeof overrides>;
/** What an operator sets about calls, over what the contract says; as read from a file or written in code. */
export type CallPolicies = z.output<typeof callPolicies>;
export type ServiceOverrides = z.output<typeof whole>;
export type RetryPolicy = Readonly<z.output<typeof retries>>;
export type BudgetPolicy = Readonly<Partial<z.output<typeof budget>>>;
export type BreakerPolicy = Readonly<Partial<z.output<typeof breaker>>>;
export type BulkheadPolicy = Readonly<z.output<typeof bulkhead>>;
export type HedgePolicy = Readonly<Partial<z.output<typeof hedge>>>;
export type FallbackPolicy = Readonly<z.output<typeof fallback>>;
export type OutlierPolicy = Readonly<Partial<z.output<typeof outlier>>>;
export type TlsPolicy = Readonly<z.output<typeof tls>>;
/** What of a request decides who gets it: exactly one of the three. */
export type HashSource = Readonly<z.output<typeof hash>>;
