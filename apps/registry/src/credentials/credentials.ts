import { createHash, timingSafeEqual } from 'node:crypto';
import { unauthenticated } from '@trellis/errors';
import { z } from 'zod';

/** What the holder of a credential may announce. */
export interface Grant {
  readonly service: string;
  /** Proto packages, `trellis.blog` covers `trellis.blog.v1`. */
  readonly packages: readonly string[];
}

const PACKAGE = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/;

/** The credentials file. It holds hashes: who reads it can announce nothing. */
const fileSchema = z.array(
  z.object({
    service: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
    packages: z.array(z.string().regex(PACKAGE)),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
);

interface Entry {
  readonly hash: Buffer;
  readonly grant: Grant;
}

/** The credentials of one reading of the file. */
export class Credentials {
  readonly #entries: readonly Entry[];

  /** Throws when the text is no credentials file. */
  constructor(json: string) {
    this.#entries = fileSchema.parse(JSON.parse(json)).map(({ service, packages, sha256 }) => ({
      hash: Buffer.from(sha256, 'hex'),
      grant: { service, packages },
    }));
  }

  /**
   * What the credential in an `authorization` value allows. Throws UNAUTHENTICATED. Hashes are compared, each of them and
   * in constant time, so the time taken tells nothing about any credential.
   */
  grantOf(authorization: string | undefined): Grant {
    const credential = /^Bearer ([\w-]{16,256})$/i.exec(authorization ?? '')?.[1];
    if (credential === undefined) {
      throw unauthenticated('Send the credential of a service as "authorization: Bearer CREDENTIAL"', {
        reason: 'CREDENTIAL_MISSING',
      });
    }
    const hash = createHash('sha256').update(credential).digest();
    let grant: Grant | undefined;
    for (const entry of this.#entries) {
      if (timingSafeEqual(entry.hash, hash)) grant = entry.grant;
    }
    if (!grant) throw unauthenticated('The registry does not know this credential', { reason: 'CREDENTIAL_INVALID' });
    return grant;
  }
}
