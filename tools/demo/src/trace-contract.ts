import { parseConfigFile } from '@trellis/config-file';
import { httpRule, serviceName, services } from '@trellis/contracts';
import type { DescMethod } from '@bufbuild/protobuf';
import { z } from 'zod';
import {
  type ExpectedAttributes,
  type ExpectedSpan,
  callSpans,
  eventSpans,
  httpServerSpan,
  requestSpan,
  sqlSpan,
} from './expected-span.js';

/** What one kind of request leaves in the traces. */
export interface TraceContract {
  /** Of the file: where a team looks when the trace is not as it should be. */
  readonly name: string;
  readonly story: string;
  readonly root: ExpectedSpan;
}

const GATEWAY = 'gateway';

/** Every method of this repository's contracts by "trellis.blog.v1.BlogService/GetPost". */
const METHODS: ReadonlyMap<string, DescMethod> = new Map(
  services.flatMap(({ typeName, methods }) => methods.map((one) => [`${typeName}/${one.name}`, one])),
);
const method = z.string().transform((name, context): DescMethod => {
  const found = METHODS.get(name);
  if (found) return found;
  context.addIssue({ code: 'custom', message: `no method of a contract: write it as ${[...METHODS.keys()][0]}` });
  return z.NEVER;
});
const restMethod = method.refine((one) => httpRule(one) !== undefined, 'has no REST form');

/** More than the conventions ask for anyway: a value, or true for any. */
const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({});
const links = z.int().min(0).default(0);
const status = z.int().min(100).max(599).default(200);
const code = z
  .string()
  .regex(/^[A-Z_]+$/, 'no name of a gRPC code, such as NOT_FOUND')
  .default('OK');

interface Step {
  readonly sql?: string | undefined;
  readonly call?: DescMethod | undefined;
  readonly event?: string | undefined;
  readonly code: string;
  readonly by: readonly { readonly service: string; readonly then: readonly Step[] }[];
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly links: number;
  readonly then: readonly Step[];
}

const step: z.ZodType<Step> = z.lazy(() =>
  z
    .strictObject({
      sql: z.string().describe('An SQL statement, by its summary: INSERT posts').optional(),
      call: method.describe('A call of a method, at both of its ends').optional(),
      event: z.string().describe('An event, as it is sent').optional(),
      code,
      by: z
        .array(z.strictObject({ service: z.string(), then: z.array(step).default([]) }))
        .describe('Who receives the event, and what comes of it')
        .default([]),
      attributes,
      links,
      then: z.array(step).default([]),
    })
    .refine(
      ({ sql, call, event }) => [sql, call, event].filter((what) => what !== undefined).length === 1,
      'is exactly one of sql, call and event',
    ),
);

const schema = z
  .strictObject({
    story: z.string().min(1),
    /** The method that a REST request reaches: its route is in the contract. */
    rest: restMethod.optional(),
    code,
    /** A request that is passed on to an HTTP service: the gateway's route, the service, and the service's own route. */
    http: z.strictObject({ route: z.string(), service: z.string(), serviceRoute: z.string() }).optional(),
    status,
    attributes,
    links,
    then: z.array(step).default([]),
  })
  .refine(({ rest, http }) => (rest === undefined) !== (http === undefined), 'has either rest or http');

/** Reads a trace contract. Throws a FileProblem that names line, place and reason. */
export function parseTraceContract(text: string, name: string): TraceContract {
  const { story, rest, http, code, status, attributes, links, then } = parseConfigFile(schema, text, name);
  const below = rest
    ? callOf(GATEWAY, rest, code, then)
    : requestSpan(GATEWAY, http?.service ?? '', verbOf(http?.route), http?.serviceRoute ?? '', status);
  const route = rest ? restRoute(rest) : (http?.route ?? '');
  const root = { ...httpServerSpan(GATEWAY, route, status), links, children: [below] };
  return { name, story, root: withMore(root, attributes) };
}

function spanOf(service: string, { sql, call, event, code, by, attributes, links, then }: Step): ExpectedSpan {
  const below = then.map((one) => spanOf(service, one));
  const span = call
    ? callOf(service, call, code, then)
    : event === undefined
      ? sqlSpan(service, sql ?? '')
      : eventSpans(
          service,
          event,
          by.map((receiver) => [receiver.service, receiver.then.map((one) => spanOf(receiver.service, one))]),
        );
  const children = call ? span.children : [...span.children, ...below];
  return withMore({ ...span, links, children }, attributes);
}

const callOf = (from: string, called: DescMethod, code: string, then: readonly Step[]): ExpectedSpan => {
  const to = serviceName(called.parent);
  const below = then.map((one) => spanOf(to, one));
  return callSpans(from, to, `${called.parent.typeName}/${called.name}`, code, below);
};

const withMore = (span: ExpectedSpan, more: ExpectedAttributes): ExpectedSpan => ({
  ...span,
  attributes: { ...span.attributes, ...more },
});

/** "POST /v1/posts", as the gateway names the route that it makes of the contract. */
function restRoute(called: DescMethod): string {
  const pattern = httpRule(called)?.pattern;
  if (!pattern?.case || pattern.case === 'custom') return '';
  return `${pattern.case.toUpperCase()} ${pattern.value}`;
}

const verbOf = (route = ''): string => route.split(' ', 1)[0] ?? '';
