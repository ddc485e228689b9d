import { Pool } from 'undici';

/** Longer than the gateway's own deadline of 5 s: its answer, and not our patience, is what a client should see. */
const TIMEOUT_MS = 15_000;
/** A browser would open six for each of its users. */
const CONNECTIONS = 64;

export interface Asked {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly token: string;
  readonly body?: object;
}

export interface Answered {
  /** "ok" for a status from 200 to 299; else "HTTP 503 NO_INSTANCE", or why there is no answer. */
  readonly outcome: string;
  /** Parsed; undefined when it is not wanted or there is none. */
  readonly body?: unknown;
}

/** A client of the gateway that tries nothing twice. */
export class GatewayClient {
  readonly #pool: Pool;

  constructor(url: string) {
    this.#pool = new Pool(url, { connections: CONNECTIONS, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  }

  /** Never rejects. */
  async ask({ method, path, token, body }: Asked): Promise<Answered> {
    try {
      const response = await this.#pool.request({
        ...{ method, path },
        headers: {
          authorization: `Bearer ${token}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        body: body ? JSON.stringify(body) : null,
      });
      const text = await response.body.text();
      const { statusCode: status } = response;
      if (status < 200 || status > 299) return { outcome: [`HTTP ${status}`, reasonIn(text)].join(' ').trimEnd() };
      return { outcome: 'ok', body: text === '' ? undefined : JSON.parse(text) };
    } catch (error) {
      return { outcome: codeOf(error) };
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** The reason in a problem's JSON; a body of another kind has none. */
const reasonIn = (text: string): string => /"reason":"([A-Z_]+)"/.exec(text)?.[1] ?? '';

/** "ECONNRESET", "UND_ERR_SOCKET"; without a code the message. */
function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
