import { parsePathTemplate } from '@trellis/transcoding';
import { z } from 'zod';
import { POLICIES } from '../data-plane/policies/pipeline.js';
import { headerName, hostPattern, httpMethod, valueTest } from './kinds.js';
import { beginsWith, pathPrefix, routePath } from './route-path.js';

/**
 * What may stand under a policy's name: its settings, `false` to leave it out, and `true` for what it does when nothing of
 * it is set, unless it needs to be told something.
 */
function choiceOf(settings: z.ZodType<unknown>) {
  const unset = settings.safeParse({});
  const choice = unset.success
    ? z.union([z.literal([true, false]).transform((on) => on && unset.data), settings])
    : z.union([z.literal(false), settings]);
  const words = unset.success ? 'true for {}, false leaves it out.' : 'false leaves it out.';
  return choice.optional().describe(`${settings.description ?? ''} ${words}`.trim());
}

export const policies = Object.fromEntries(POLICIES.map(({ name, settings }) => [name, choiceOf(settings)]));

/** Of services, upstreams and routes. */
export const name = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'no name: 1 to 64 letters, digits, dots, dashes and underscores');

const unique = <T>(schema: z.ZodType<T>) =>
  z
    .array(schema)
    .min(1, 'name at least one, or leave it out')
    .refine((all) => new Set(all).size === all.length, 'one of them stands there twice');

const conditions = {
  hosts: unique(hostPattern)
    .optional()
    .describe('Hosts that it holds for: api.example.com, *.example.com. Any when absent.'),
  path: routePath.describe(
    'Template as in google.api.http: /posts/{id}, /files/{name=**}, /shop/**. The most specific one is taken.',
  ),
  methods: unique(httpMethod)
    .optional()
    .describe('HTTP methods in capitals, * for any; GET takes HEAD too. When absent: POST for a call, else any.'),
  headers: z
    .record(headerName, valueTest)
    .optional()
    .describe('What headers must be. Of routes with one path those with conditions are asked first, in their order.'),
  query: z
    .record(z.string().min(1), valueTest)
    .optional()
    .describe('What parameters of the query must be. Of one that is given several times the first counts.'),
};

const METHOD_NAME = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\/[A-Za-z_]\w*$/;

const callTarget = {
  call: z
    .string()
    .regex(METHOD_NAME, 'no method: write it as trellis.blog.v1.BlogService/GetPost')
    .optional()
    .describe('Method of a contract: trellis.blog.v1.BlogService/GetPost. Variables and parameters are its fields.'),
  body: z
    .string()
    .optional()
    .describe(
      'Field of the request that the body is, "*" for all of it, "" for none. * for POST, PUT, PATCH when absent.',
    ),
  responseBody: z
    .string()
    .optional()
    .describe('Field of the answer that is sent as the body. The whole answer when absent.'),
  parameters: z
    .record(z.string().min(1), z.string().min(1))
    .optional()
    .describe('Fields of the request by the names that query parameters have here: post_id: id'),
};

const serviceTarget = {
  service: name
    .optional()
    .describe('A service that speaks HTTP: a registered one, or an upstream with addresses. It need not be there yet.'),
  version: z.string().min(1).max(64).optional().describe('Only instances of this version.'),
  stripPath: pathPrefix.optional().describe('Beginning of the path that the service does not see: /shop'),
  stripQuery: z.boolean().optional().describe('Whether the service sees no query.'),
};

const redirectTarget = {
  redirect: z
    .strictObject({
      to: z
        .string()
        .max(2_048)
        .regex(
          /^(?:https?:\/\/[\w.:[\]-]+)?(?:$|\/(?!\/)[\x21-\x7e]*$)/,
          'write it as /path or https://host/path, with variables in the path alone and in ASCII',
        )
        .refine((to) => to !== '', 'name an address or a path')
        .refine((to) => !/[#\\]/.test(to), 'the query of the request is added at its end: no "#", and no backslash')
        .describe('An address or a path; {name} stands for the variable of the path. The query is kept.'),
      status: z
        .literal([301, 302, 303, 307, 308])
        .default(308)
        .describe('308 and 307 keep method and body; 301 and 308 may be remembered.'),
    })
    .optional()
    .describe('Sends the client elsewhere.'),
};

const TARGETS = ['call', 'service', 'redirect'] as const;

/** What means something only beside one of the targets. */
const BELONGS = {
  body: 'call',
  responseBody: 'call',
  parameters: 'call',
  version: 'service',
  stripPath: 'service',
  stripQuery: 'service',
} as const;

const fields = z.strictObject({
  name: name.optional().describe('What logs, metrics and traces call it. Its path when absent.'),
  ...conditions,
  ...callTarget,
  ...serviceTarget,
  ...redirectTarget,
  ...policies,
});

type Fields = z.output<typeof fields>;

/** One route of the file. */
export const fileRoute = fields
  .meta({
    oneOf: TARGETS.map((target) => ({ required: [target] })),
    dependentRequired: Object.fromEntries(Object.entries(BELONGS).map(([key, target]) => [key, [target]])),
  })
  .check(({ value, issues }) => {
    for (const [key, message] of contradictions(value)) {
      issues.push({ code: 'custom', path: key === '' ? [] : key.split('.'), message, input: value });
    }
  });

/** What does not go together within one route, by its key. */
function* contradictions(route: Fields): Generator<readonly [key: string, message: string]> {
  const given = TARGETS.filter((target) => route[target] !== undefined);
  if (given.length === 0) yield ['', `has no target: name one of ${TARGETS.join(', ')}`];
  for (const target of given.slice(1)) yield [target, `a second target beside ${given[0]}: a route has exactly one`];
  for (const [key, target] of Object.entries(BELONGS)) {
    if (route[key as keyof Fields] !== undefined && !given.includes(target)) {
      yield [key, `means nothing without ${target}`];
    }
  }
  const template = parsePathTemplate(route.path);
  if (route.stripPath !== undefined && !beginsWith(template, route.stripPath)) {
    yield ['stripPath', `${route.path} does not begin with it: name its first segments, without variables`];
  }
  const { to = '' } = route.redirect ?? {};
  const fields = template.variables.map(({ field }) => field);
  for (const [, field = ''] of to.matchAll(/\{([^{}]*)\}/g)) {
    const there = fields.length === 0 ? 'none' : fields.join(', ');
    if (!fields.includes(field)) yield ['redirect.to', `the path has no variable {${field}}; it has ${there}`];
  }
  if (/[{}]/.test(to.replaceAll(/\{[^{}]*\}/g, ''))) yield ['redirect.to', 'has a brace without its other half'];
}

export type FileRoute = z.output<typeof fileRoute>;
