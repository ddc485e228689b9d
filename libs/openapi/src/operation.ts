import { commentOf } from '@trellis/contracts';
import { ID_HEADERS, RATE_HEADERS } from './answer-headers.js';
import type { ApiRoute, RouteLimits } from './api-route.js';
import { answerContent, requestBody } from './body.js';
import type { Operation, Parameter, Reference } from './document.js';
import { queryParameters } from './parameters.js';
import { type ProblemName, problemResponses } from './problems.js';
import { securityOf } from './security.js';
import type { Refer } from './value/single-value.js';
import { code, listOf, paragraphs, sentenceOf } from './words.js';

export interface OperationOptions {
  readonly operationId: string;
  readonly pathParameters: readonly Parameter[];
  readonly refer: Refer;
  /** Routes for the same method and path, which OpenAPI cannot tell from this one. */
  readonly shadowed: readonly string[];
}

/** One route in the terms of OpenAPI. */
export function operationOf(route: ApiRoute, options: OperationOptions): Operation {
  const { binding, access, limits, service, conditions = [] } = route;
  const { method } = binding;
  const { refer, shadowed } = options;
  const parameters = [...options.pathParameters, ...queryParameters(binding, refer)];
  const body = requestBody(binding, refer);
  const description = paragraphs(commentOf(method), facts(route), conditionsOf(conditions), shadowedOf(shadowed));
  return {
    tags: [service],
    operationId: options.operationId,
    summary: sentenceOf(method.name),
    ...(description !== '' && { description }),
    ...(method.deprecated && { deprecated: true as const }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: body }),
    responses: {
      200: { description: 'Done.', headers: answerHeaders(limits), content: answerContent(binding, refer) },
      ...problemResponses(problemsOf(route, parameters.length > 0 || body !== undefined, body !== undefined)),
    },
    security: securityOf(route),
    ...(access.scopes.length > 0 && { 'x-required-scopes': access.scopes }),
    ...(access.callers.length > 0 && { 'x-callers': access.callers }),
    'x-repeatable': access.repeatable,
    ...(limits && { 'x-limits': { ...limits, rates: limits.rates?.map((rate) => ({ ...rate })) ?? [] } }),
    ...(shadowed.length > 0 && { 'x-shadowed': shadowed }),
  };
}

const answerHeaders = (limits: RouteLimits | undefined): Readonly<Record<string, Reference>> =>
  limits?.rates?.length ? { ...ID_HEADERS, ...RATE_HEADERS } : ID_HEADERS;

function problemsOf({ access, binding }: ApiRoute, takesInput: boolean, takesBody: boolean): ProblemName[] {
  const isRead = binding.httpMethod === 'GET';
  return [
    ...(takesInput ? (['invalid'] as const) : []),
    ...(access.public ? [] : (['unauthenticated', 'forbidden'] as const)),
    'notFound',
    ...(takesBody ? (['tooSlow'] as const) : []),
    ...(isRead ? [] : (['conflict'] as const)),
    ...(takesBody ? (['tooLarge', 'unsupported'] as const) : []),
    'tooMany',
    'failed',
    'unavailable',
    'tooLate',
  ];
}

/** What a caller needs and may do, in one paragraph. */
function facts({ access, binding, limits }: ApiRoute): string {
  const { scopes, callers, repeatable } = access;
  return [
    ...(access.public ? ['Open to everybody.'] : []),
    ...(callers.length > 0
      ? [`For the service${callers.length > 1 ? 's' : ''} ${listOf(callers.map(code))} only.`]
      : []),
    ...(scopes.length > 0 ? [`Needs the scope${scopes.length > 1 ? 's' : ''} ${listOf(scopes.map(code))}.`] : []),
    ...(repeatable && binding.httpMethod !== 'GET' ? ['May be sent again when its outcome is not known.'] : []),
    ...(limits?.rates ?? []).map(
      ({ quota, windowSeconds, per }) => `At most ${quota} requests in ${windowSeconds} s for each ${per}.`,
    ),
    ...(binding.httpMethod === '*' ? ['Takes any method.'] : []),
  ].join(' ');
}

const conditionsOf = (conditions: readonly string[]): string | undefined =>
  conditions.length > 0 ? `For requests with ${listOf(conditions)}.` : undefined;

const shadowedOf = (shadowed: readonly string[]): string | undefined =>
  shadowed.length > 0 ? `The same method and path may also go to ${listOf(shadowed.map(code))}.` : undefined;
