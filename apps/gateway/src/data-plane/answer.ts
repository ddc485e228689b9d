import type { OutgoingHttpHeaders } from 'node:http';
import { Code, PROBLEM_CONTENT_TYPE, type ProblemContext, ServiceError, toProblem, unavailable } from '@trellis/errors';
import { type HttpContent, InvalidRequest } from '@trellis/transcoding';
import { challengeFor } from './challenge.js';
import type { Exchange } from './exchange.js';
import { HttpRefusal } from './http-refusal.js';

export function answerContent({ response }: Exchange, { contentType, body }: HttpContent): void {
  response.writeHead(200, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Faults of ours or of a service. What they say was not written for the caller, whatever wrote it. */
const FAULTS: ReadonlySet<Code> = new Set([Code.INTERNAL, Code.UNKNOWN, Code.DATA_LOSS]);

export const isFault = (error: ServiceError): boolean => FAULTS.has(error.code);

const NO_REFINEMENT: Partial<Pick<HttpRefusal, 'status' | 'headers'>> = {};

function presentable(error: ServiceError): ServiceError {
  if (isFault(error)) return ServiceError.from(undefined);
  // A client that cancels gets no answer, so it was the service: 499 would put the blame on the wrong side.
  return error.code === Code.CANCELLED ? unavailable('The service broke off the call') : error;
}

/** problem+json with the headers that belong to the status. */
export function answerProblem(exchange: Exchange, error: ServiceError, locate?: ProblemContext['locate']): void {
  const { response, requestId, traceId, path } = exchange;
  const shown = presentable(error);
  const { status, headers = {} } = shown instanceof HttpRefusal ? shown : NO_REFINEMENT;
  const problem = {
    ...toProblem(shown, { instance: path, requestId, traceId, status, locate }),
    ...(shown instanceof InvalidRequest && { errors: shown.errors }),
  };
  const challenge = challengeFor(shown);
  const waits = problem.status === 503 || problem.status === 429;
  const body = JSON.stringify(problem);
  const head: OutgoingHttpHeaders = {
    'content-type': PROBLEM_CONTENT_TYPE,
    'content-length': Buffer.byteLength(body),
    ...(challenge !== undefined && { 'www-authenticate': challenge }),
    ...(waits && { 'retry-after': String(Math.max(1, Math.ceil(shown.retryAfter ?? 1))) }),
    ...headers,
  };
  response.writeHead(problem.status, head);
  response.end(body);
}
