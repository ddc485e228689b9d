import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** What to send. Names of headers in lower case. */
export interface PreparedAnswer {
  readonly status: 200 | 304;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The headers of a request that decide on which form of an answer it gets. */
export interface Wishes {
  readonly acceptEncoding?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

type Encoding = 'br' | 'gzip' | 'identity';

/** Compressed once and sent often. Beyond 6, Brotli takes ten times as long for a tenth less. */
const COMPRESS: Readonly<Record<Exclude<Encoding, 'identity'>, (body: Uint8Array) => Promise<Uint8Array>>> = {
  br: (body) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  gzip: (body) => promisify(gzip)(body),
};

const NOTHING = new Uint8Array();

/** A body that does not change, in every form in which it is asked for. Each is made when it is first asked for. */
export class Representation {
  readonly #contentType: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #etag: string;
  readonly #bodies = new Map<Encoding, Promise<Uint8Array>>();
  readonly #isText: boolean;

  constructor(contentType: string, body: Uint8Array, headers: Readonly<Record<string, string>>) {
    this.#contentType = contentType;
    this.#isText = !contentType.startsWith('image/');
    // A weak one: the forms of it are as good as each other (RFC 9110, section 8.8.1).
    this.#etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    this.#headers = {
      ...headers,
      etag: this.#etag,
      'x-content-type-options': 'nosniff',
      ...(this.#isText && { vary: 'accept-encoding' }),
    };
    this.#bodies.set('identity', Promise.resolve(body));
  }

  async answer({ acceptEncoding, ifNoneMatch }: Wishes): Promise<PreparedAnswer> {
    const contentType = this.#contentType;
    if (ifNoneMatch !== undefined && matches(ifNoneMatch, this.#etag)) {
      return { status: 304, contentType, headers: this.#headers, body: NOTHING };
    }
    const encoding = this.#isText ? encodingFor(acceptEncoding) : 'identity';
    const headers = encoding === 'identity' ? this.#headers : { ...this.#headers, 'content-encoding': encoding };
    return { status: 200, contentType, headers, body: await this.#body(encoding) };
  }

  async #body(encoding: Encoding): Promise<Uint8Array> {
    const whole = (await this.#bodies.get('identity')) ?? NOTHING;
    if (encoding === 'identity') return whole;
    let body = this.#bodies.get(encoding);
    if (!body) {
      body = COMPRESS[encoding](whole);
      this.#bodies.set(encoding, body);
    }
    return body;
  }
}

/** If-None-Match, which compares weakly (RFC 9110, section 13.1.2). */
const matches = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.trim() === '*' ||
  ifNoneMatch.split(',').some((each) => each.trim().replace(/^W\//, '') === etag.replace(/^W\//, ''));

/** The smallest form that the client takes (RFC 9110, section 12.5.3). */
export function encodingFor(acceptEncoding: string | undefined): Encoding {
  const weights = new Map(
    (acceptEncoding ?? '').split(',').map((each) => {
      const [name = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return [name, weight === undefined ? 1 : Number(weight)] as const;
    }),
  );
  const takes = (name: Encoding): boolean => (weights.get(name) ?? weights.get('*') ?? 0) > 0;
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : 'identity';
}
