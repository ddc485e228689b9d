import { size } from '@trellis/config-file';
import { z } from 'zod';
import type { Answer } from '../answer.js';
import type { Exchange } from '../exchange.js';
import { type Coding, type Wanted, wantedCoding } from './accept-encoding.js';
import { CODINGS } from './content-codings.js';
import type { Policy } from './policy.js';

const settings = z
  .strictObject({
    codings: z
      .array(z.enum(['zstd', 'br', 'gzip']))
      .min(1)
      .default(['zstd', 'br', 'gzip'])
      .describe('Those that may be used, best first.'),
    minSize: size.default(1_024).describe('Smaller bodies are sent as they are: 1KiB.'),
    withCookies: z
      .boolean()
      .default(false)
      .describe(
        'Also answers to requests with cookies: only where no answer has both secrets and what the client sent.',
      ),
  })
  .describe('Compresses answers for clients that ask for it. Not at all when absent.');

/**
 * Compresses answers for clients that ask for it. Off unless it is set: it costs as much CPU as the rest of a request and
 * more, which is worth it where the network is narrow.
 *
 * Not answers to requests with cookies: a page that makes a browser ask for its user's secrets together with guesses of its
 * own could tell from the compressed size which guess is right (BREACH, https://breachattack.com). A token that the page
 * itself would have to know is no such danger.
 */
export const compression: Policy<z.output<typeof settings>> = {
  name: 'compression',
  settings,
  prepare(given, _route, { keep }) {
    if (!given) return undefined;
    const { codings, minSize, withCookies } = given;
    const wanted = keep(`codings ${codings.join()}`, () => remembered((header) => wantedCoding(header, codings)));
    return {
      answer(answer, exchange) {
        const { headers } = exchange.request;
        if (answer.status === 304) {
          beUnsure(answer, wanted(headers['accept-encoding'] ?? ''));
          return;
        }
        const { coding, notPlain } = wanted(headers['accept-encoding'] ?? '');
        if (!notPlain && !isWorthIt(answer, minSize)) return;
        if (!mayBeEncoded(answer, exchange)) return;
        answer.add('vary', 'accept-encoding');
        if (coding === undefined || (headers.cookie !== undefined && !withCookies)) return;
        encode(answer, coding);
      },
    };
  },
};

function encode(answer: Answer, coding: Coding): void {
  answer.encoding = CODINGS[coding];
  answer.set('content-encoding', coding);
  answer.remove('accept-ranges'); // they would be ranges of something else now
  weaken(answer);
}

/** It has other bytes than the one that the service meant (RFC 9110, section 8.8.1). */
function weaken(answer: Answer): void {
  const etag = answer.get('etag');
  if (etag !== undefined && !etag.startsWith('W/')) answer.set('etag', `W/${etag}`);
}

/** What was not modified may be an answer that was compressed: it has the headers that it had then. */
function beUnsure(answer: Answer, { coding }: Wanted): void {
  answer.add('vary', 'accept-encoding');
  if (coding !== undefined) weaken(answer);
}

/** Statuses without a body, and the one whose body is a part of what it would be a part of. */
const NEVER: ReadonlySet<number> = new Set([204, 205, 206]);
const NO_TRANSFORM = /(?:^|,)\s*no-transform\s*(?:,|$)/i;

/** Whether it is whole, as it is, and nobody minds (RFC 9110, section 7.7; RFC 9530 for what a digest is of). */
function mayBeEncoded(answer: Answer, { request }: Exchange): boolean {
  if (answer.status < 200 || NEVER.has(answer.status) || answer.size === 0) return false;
  if (answer.get('content-encoding') !== undefined || answer.get('content-range') !== undefined) return false;
  if (DIGESTS.some((name) => answer.get(name) !== undefined)) return false;
  const said = answer.get('cache-control');
  if (said !== undefined && NO_TRANSFORM.test(said)) return false;
  const asked = request.headers['cache-control'];
  return asked === undefined || !NO_TRANSFORM.test(asked);
}

const DIGESTS = ['content-digest', 'repr-digest', 'digest', 'content-md5'];

/** Text, but not a stream of events: each is small, and late if it waits for others. */
const COMPRESSIBLE =
  /^(?:text\/(?!event-stream)|application\/(?:[\w.-]+\+)?(?:json|xml|yaml)|application\/(?:javascript|x-ndjson|jsonl|wasm)|image\/svg\+xml)/i;

const isCompressible = remembered((type) => COMPRESSIBLE.test(type));

function isWorthIt(answer: Answer, minSize: number): boolean {
  const bytes = answer.size ?? Infinity;
  return bytes >= minSize && isCompressible(answer.get('content-type') ?? '');
}

/** Clients and services say few different things, all of them short: to look one up costs less than to read it. */
const REMEMBERED = { most: 200, longest: 200 };

function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) {
      value = read(text);
      if (known.size >= REMEMBERED.most) known.clear();
      if (text.length <= REMEMBERED.longest) known.set(text, value);
    }
    return value;
  };
}
