import { duration } from '@trellis/config-file';
import { z } from 'zod';
import { headerName, httpMethod } from '../../file/kinds.js';
import { type Answer, answerWhole } from '../answer.js';
import type { Exchange } from '../exchange.js';
import type { Policy } from './policy.js';

/** As browsers write it (RFC 6454, section 6.2), or with a `*.` for every host below. */
const origin = z
  .string()
  .toLowerCase()
  .regex(
    /^[a-z][a-z\d+.-]*:\/\/(?:\*\.)?(?:[a-z\d](?:[a-z\d.-]*[a-z\d])?|\[[\da-f:.]+\])(?::\d{1,5})?$/,
    'no origin: write it as https://app.example.com or https://*.example.com',
  );

/** What pages need of ours beside what every page may read (https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name). */
const EXPOSED = ['x-request-id', 'x-correlation-id', 'x-trace-id', 'retry-after', 'ratelimit', 'ratelimit-policy'];

const settings = z
  .strictObject({
    origins: z
      .union([z.literal('*'), z.array(origin).min(1)])
      .describe('Whose pages may call: https://app.example.com, https://*.example.com, or "*" for anybody\'s.'),
    methods: z
      .array(httpMethod)
      .min(1)
      .optional()
      .describe('Methods that they may use. Every one that has a route when absent.'),
    headers: z
      .union([z.literal('*'), z.array(headerName)])
      .default(['authorization', 'content-type'])
      .describe('Headers that they may send; "*" for any.'),
    exposedHeaders: z.array(headerName).default(EXPOSED).describe('Headers of answers that they may read.'),
    credentials: z.boolean().default(false).describe('Whether browsers send cookies along.'),
    maxAge: duration
      .default(600_000)
      .describe('How long a browser remembers what it asked: 10m. Chrome does so for at most two hours.'),
  })
  .refine(({ origins, credentials }) => !(origins === '*' && credentials), {
    path: ['credentials'],
    message: 'not with the origin "*": any page at all could act as whoever looks at it. Name the origins',
  })
  .describe("Which pages of other origins may call (CORS). Nobody's when absent.");

type Settings = z.output<typeof settings>;

const ASKED = 'access-control-request-method, access-control-request-headers';

/**
 * Cross-origin resource sharing by https://fetch.spec.whatwg.org/#http-cors-protocol: tells browsers which pages of other
 * origins may call, and answers what they ask beforehand. It keeps no request out that does not come from a browser. What a
 * service says about it itself does not count.
 */
export const cors: Policy<Settings> = {
  name: 'cors',
  settings,
  prepare(given, route) {
    if (!given) return undefined;
    const grant = granting(given);
    return {
      preflights: true,
      request(exchange) {
        const { asksFor } = exchange;
        if (asksFor === undefined || !answersFor(route.httpMethod, asksFor)) return undefined;
        answerWhole(exchange, 204, preflight(given, asksFor, exchange), '');
        return true;
      },
      answer: (answer, { request }) => grant(answer, request.headers.origin),
    };
  },
};

/** A question that took this route as an OPTIONS request is not about it. A GET route answers HEAD as well. */
const answersFor = (httpMethod: string, asked: string): boolean =>
  httpMethod === '*' || httpMethod === asked || (httpMethod === 'GET' && asked === 'HEAD');

/** What a preflight is told besides what every answer says. A browser takes it for no when its origin is not granted. */
function preflight({ methods, headers, maxAge }: Settings, asked: string, { request }: Exchange): string[] {
  const told = ['vary', ASKED];
  if (methods && !methods.includes(asked) && !methods.includes('*')) return told;
  told.push('access-control-allow-methods', asked, 'access-control-max-age', String(Math.round(maxAge / 1_000)));
  // A `*` of ours would not do with credentials, nor for `authorization` without.
  const allowed = headers === '*' ? request.headers['access-control-request-headers'] : headers.join(', ');
  if (allowed !== undefined && allowed !== '') told.push('access-control-allow-headers', allowed);
  return told;
}

type Grant = (answer: Answer, origin: string | undefined) => void;

function granting({ origins, credentials, exposedHeaders }: Settings): Grant {
  const exposed = exposedHeaders.join(', ');
  const expose = (answer: Answer): void => {
    if (exposed !== '') answer.set('access-control-expose-headers', exposed);
  };
  if (origins === '*') {
    return (answer) => {
      // Always, so that it does not matter which answer a cache keeps.
      answer.set('access-control-allow-origin', '*');
      answer.remove('access-control-allow-credentials');
      expose(answer);
    };
  }
  const allows = originTest(origins);
  return (answer, origin) => {
    answer.add('vary', 'origin');
    if (origin === undefined || !allows(origin)) {
      for (const name of GRANTS) answer.remove(name);
      return;
    }
    answer.set('access-control-allow-origin', origin);
    if (credentials) answer.set('access-control-allow-credentials', 'true');
    else answer.remove('access-control-allow-credentials');
    expose(answer);
  };
}

const GRANTS = [
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
  'access-control-max-age',
];

/** What may stand for the `*` of `https://*.example.com`. */
const SUBDOMAIN = /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/;

function originTest(origins: readonly string[]): (origin: string) => boolean {
  const exact = new Set(origins.filter((each) => !each.includes('*')));
  const patterns = origins
    .filter((each) => each.includes('*'))
    .map((each) => each.split('*') as [begin: string, end: string]);
  return (origin) =>
    exact.has(origin) ||
    patterns.some(
      ([begin, end]) =>
        origin.startsWith(begin) &&
        origin.endsWith(end) &&
        SUBDOMAIN.test(origin.slice(begin.length, origin.length - end.length)),
    );
}
