/** An answer of the gateway, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, else text; undefined when empty. */
  readonly body: unknown;
}

export interface RequestOptions {
  readonly method?: string;
  readonly token?: string;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Longer than the gateway's own deadline of 5 s: its answer, and not our patience, is what a caller should see. */
const TIMEOUT_MS = 15_000;

/** One request, without redirects followed. Throws only when there is no answer at all. */
export async function request(url: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = 'GET', token, body, headers } = options;
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  }).catch((cause: Error) => {
    const why = cause.cause instanceof Error ? cause.cause.message : cause.message; // fetch itself says "fetch failed"
    throw new Error(`${new URL(url).origin} does not answer: ${why}`, { cause });
  });
  return { status: response.status, headers: response.headers, body: parse(await response.text()) };
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
