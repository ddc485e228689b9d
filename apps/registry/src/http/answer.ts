import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Code, PROBLEM_CONTENT_TYPE, type ProblemContext, type ServiceError, toProblem } from '@trellis/errors';
import { type HttpContent, InvalidRequest } from '@trellis/transcoding';
import { HttpRefusal } from './http-refusal.js';

export function answerContent(response: ServerResponse, { contentType, body }: HttpContent): void {
  send(response, 200, body, { 'content-type': contentType });
}

/** `instance` is the path of the request; `locate` says where in the request a field came from. */
export function answerProblem(
  response: ServerResponse,
  error: ServiceError,
  { instance, locate }: Pick<ProblemContext, 'instance' | 'locate'>,
): void {
  const refined = error instanceof HttpRefusal ? error : undefined;
  const problem = {
    ...toProblem(error, { instance, status: refined?.status, locate }),
    ...(error instanceof InvalidRequest && { errors: error.errors }),
  };
  const waits = problem.status === 503 || problem.status === 429;
  send(response, problem.status, JSON.stringify(problem), {
    'content-type': PROBLEM_CONTENT_TYPE,
    ...(error.code === Code.UNAUTHENTICATED && { 'www-authenticate': 'Bearer realm="trellis"' }),
    ...(waits && { 'retry-after': String(Math.max(1, Math.ceil(error.retryAfter ?? 1))) }),
    ...(refined?.allow !== undefined && { allow: refined.allow }),
    // What is left of a refused body is not read.
    ...(!response.req.complete && { connection: 'close' }),
  });
}

function send(response: ServerResponse, status: number, body: string | Uint8Array, headers: OutgoingHttpHeaders): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' });
  response.end(body);
}
