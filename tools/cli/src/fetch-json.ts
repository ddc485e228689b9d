import { Failure } from './failure.js';

/** Longer than the gateway's own deadline of 5 s, so that its answer is what is told. */
const TIMEOUT_MS = 15_000;

/** One HTTP request, no redirect followed. Throws Failure when nobody answers. */
export async function send(url: string | URL, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS), ...init });
  } catch (error) {
    const { origin } = new URL(url);
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw new Failure(`${origin} does not answer within ${TIMEOUT_MS / 1000} s`);
    }
    throw new Failure(
      `Nothing answers at ${origin}. Start the platform with npm start, or give another --url or --registry.`,
    );
  }
}

/** The JSON body of a successful answer. Throws Failure with what the other side said. */
export async function fetchJson(url: string | URL, init?: RequestInit): Promise<unknown> {
  const response = await send(url, init);
  const body = parse(await response.text());
  if (!response.ok) throw failure(response, body);
  if (body === undefined) throw new Failure(`${new URL(url).pathname} answered no JSON: is it a gateway of Trellis?`);
  return body;
}

/** What an answer that is no success says. */
export async function failureOf(response: Response): Promise<Failure> {
  return failure(response, parse(await response.text()));
}

function failure({ status, url }: Response, body: unknown): Failure {
  const passing = status === 429 || status >= 500;
  return new Failure(reason(body) ?? `${new URL(url).pathname} answered ${status}`, { passing });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a page of something else
  }
}

/** The words of a problem (RFC 9457), of an OAuth error (RFC 6749) or of an admin port. */
function reason(body: unknown): string | undefined {
  const { detail, error_description, error, problem } = (body ?? {}) as Record<string, unknown>;
  const words = detail ?? error_description ?? error ?? problem;
  return typeof words === 'string' ? words : undefined;
}
