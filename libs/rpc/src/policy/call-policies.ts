import { readFileSync } from 'node:fs';
import { STRATEGY_NAMES } from '@trellis/balancing';
import { duration } from '@trellis/config-file';
import { z } from 'zod';

const share = z.number().min(0).max(1);
const count = z.int().min(1).max(10_000);
const name = z.string().min(1).max(64);

const retries = z.strictObject({
  attempts: z.int().min(1).max(10).describe('In all, the first one included. 1: never again.'),
  backoff: duration.describe(
    'Longest wait before the second attempt; it doubles, and the real wait is random below it.',
  ),
  maxBackoff: duration.describe('Longest wait before any attempt.'),
});

const budget = z.strictObject({
  ratio: share.describe('Share of its requests in the last ten seconds.'),
  floor: z.number().min(0).max(1_000).describe('So many a second, for services that are hardly called.'),
});

const breaker = z.strictObject({
  group: name.describe('Methods of a service with one name share one breaker.'),
  failureRate: share.refine((value) => value > 0, 'above 0').describe('Share of failed calls that opens it.'),
  minimum: count.describe('Fewer calls than this within the window prove nothing.'),
  window: duration.describe('Time that it looks back.'),
  open: duration.describe('How long nothing is sent once it opened.'),
  probes: z.int().min(1).max(100).describe('Calls let through to see whether the service is back.'),
});

const bulkhead = z.strictObject({
  group: name.describe('Methods of a service with one name share one bulkhead.'),
  limit: count.describe('Calls under way at once.'),
  queue: z.int().min(0).max(10_000).describe('Calls that wait for one of these to end.'),
});

const hedge = z.strictObject({
  quantile: z
    .number()
    .min(0.5)
    .max(0.999)
    .describe('A second attempt starts when the first has taken longer than this share of calls do.'),
  minDelay: duration.describe('…and never earlier than this.'),
});

const fallback = z.strictObject({
  service: name.optional().describe('Name of a registered service that has the same methods.'),
  lastGood: z
    .strictObject({
      maxAge: duration.describe('How old it may be.'),
      entries: count.default(1_000).describe('How many answers are kept.'),
    })
    .optional()
    .describe('The last good answer to the same request of the same caller.'),
  answer: z.json().optional().describe("The JSON form of the method's response message."),
});

const hash = z
  .strictObject({
    header: name.toLowerCase().describe('Of the request.'),
    cookie: name.describe('Of the request.'),
    field: name.describe('Of the path at the gateway, of the message in a typed client.'),
  })
  .partial()
  .refine((by) => Object.keys(by).length === 1, 'name exactly one of header, cookie and field');

const outlier = z.strictObject({
  consecutive: count.describe('Failures in a row that put an instance out.'),
  ejection: duration.describe('First time out; it grows with each further one.'),
  maxEjection: duration.describe('Longest time out.'),
  maxEjected: share.describe('Never more of the instances than this, but always one.'),
});

/** How this process itself looks whether an instance is well, besides what calls tell. */
const health = z.strictObject({
  path: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/, 'no path: it begins with a slash and has no spaces')
    .describe('Of instances that speak HTTP; those of gRPC are asked by grpc.health.v1.'),
  interval: duration.describe('From one answer to the next question.'),
  timeout: duration.describe('For one answer.'),
  healthy: z.int().min(1).max(100).describe('Good answers in a row that put an instance in again.'),
  unhealthy: z.int().min(1).max(100).describe('Bad ones in a row that put it out.'),
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
  ca: pem
    .optional()
    .describe("PEM, or the path of a file with it: whose signature counts. Node's own list when absent."),
  serverName: name.optional().describe('The name in the certificate; the host of the address when absent.'),
});

const off = z.literal(false);

/** What one entry of the file may say. Each part is optional: what is left out stays as it is one level above. */
const overrides = z
  .strictObject({
    strategy: z.enum(STRATEGY_NAMES).describe('How the instance for a call is picked.'),
    timeout: duration.describe('The most a call may take, retries included, however much time its caller has.'),
    attemptTimeout: duration.describe('When a repeatable call is given up on one instance and sent to another.'),
    retries: z
      .union([off, retries.partial()])
      .describe('Further attempts where contract, outcome and budget allow it.'),
    breaker: z.union([off, breaker.partial()]).describe('A service that fails gets no calls for a while.'),
    bulkhead: z.union([off, bulkhead.partial()]).describe('So many calls at once, some in line, the rest refused.'),
    hedge: z.union([off, hedge.partial()]).describe('A second instance is asked when the first is slower than usual.'),
    fallback: z.union([off, fallback]).describe('What stands in for the answer of a service that has none.'),
    hash: hash.describe('What of a request decides who gets it, for ring-hash and maglev.'),
    outlier: z.union([off, outlier.partial()]).describe('When an instance that fails is left out for a while.'),
    zone: z.boolean().describe('Whether instances of the own zone go first.'),
    slowStart: duration.describe('Time over which a new instance gets its full share.'),
    panic: share.describe('Share of usable instances under which all are picked again, ejected or not.'),
    subset: count.describe('Call only so many of the instances, chosen by who calls.'),
  })
  .partial();

/** What holds for a service as a whole, whatever the method. */
const whole = overrides.extend({
  budget: budget.partial().optional().describe('What retries and hedges may add to the load of the service.'),
  connectTimeout: duration.optional().describe('Until an instance has taken a connection, and shown its certificate.'),
  readTimeout: duration.optional().describe('Until its answer begins, and between two pieces of its body.'),
  writeTimeout: duration
    .optional()
    .describe('How long it may let a request stand that has not been sent as a whole. HTTP only.'),
  b3: z
    .enum(['single', 'multi'])
    .optional()
    .describe("Zipkin's trace headers beside W3C's, for services that know no others: in one header or in several."),
  tls: z.union([z.boolean(), tls]).optional().describe('Connections to its HTTP instances are encrypted.'),
  health: z
    .union([off, health.partial()])
    .optional()
    .describe('How this process itself looks whether an instance is well.'),
});

/** What may be set of one service, for files that hold more beside it. */
export const servicePolicy = whole.extend({
  methods: z
    .record(z.string(), overrides)
    .optional()
    .describe('By GetPost, BlogService/GetPost or the full name with its package.'),
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
export type HealthPolicy = Readonly<z.output<typeof health>>;
export type TlsPolicy = Readonly<z.output<typeof tls>>;
/** What of a request decides who gets it: exactly one of the three. */
export type HashSource = Readonly<z.output<typeof hash>>;
