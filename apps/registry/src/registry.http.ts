import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import {
  type DescMethod,
  type Message,
  type MessageInitShape,
  create,
  createRegistry,
  fromBinary,
  toBinary,
} from '@bufbuild/protobuf';
import { type ListInstancesRequest, RegistryService } from '@trellis/contracts/registry/v1';
import { Code, PROBLEM_CONTENT_TYPE, type ProblemContext, ServiceError, notFound, toProblem } from '@trellis/errors';
import { validate } from '@trellis/service-defaults';
import type { Logger } from '@trellis/telemetry';
import { InvalidRequest, createRouter, routesOf } from '@trellis/transcoding';
import type { Catalogue } from './catalogue.js';
import { listInstances, listServices } from './lists.js';

const { method: methods } = RegistryService;

/** Milliseconds in which a request must have arrived. There are no bodies: what comes with a GET is not read. */
const REQUEST_WITHIN = 5_000;

/**
 * The lists over HTTP, as the contract's own rules say, and `GET /health`. Open to whoever reaches the port, as the same
 * methods are over gRPC: they hold addresses and process ids, never a secret.
 */
export function registryHttp(catalogue: Catalogue, logger: Logger): Server {
  const answers = new Map<DescMethod, (request: Message) => MessageInitShape<DescMethod['output']>>([
    [methods.listServices, () => listServices(catalogue)],
    [methods.listInstances, (request) => listInstances(catalogue, request as ListInstancesRequest)],
  ]);
  const router = createRouter(routesOf(RegistryService, createRegistry()));

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { path, query } = split(request.url ?? '/');
    if (path === '/health') return send(response, 200, JSON.stringify({ status: 'SERVING', epoch: catalogue.epoch }));
    const match = router.match(request.method ?? '', path);
    if (match.kind === 'none') throw notFound(`There is nothing at ${path}`);
    if (match.kind === 'method') {
      response.setHeader('allow', match.allowed.join(', '));
      throw new ServiceError(Code.UNIMPLEMENTED, `${request.method} is not allowed here`, {
        reason: METHOD_NOT_ALLOWED,
      });
    }
    const { method, decode, encode } = match.route;
    const message = fromBinary(method.input, decode({ captures: match.captures, query, body: undefined }));
    validate(method.input, message);
    const made = answers.get(method);
    if (!made) throw notFound(`There is nothing at ${path}`);
    send(response, 200, encode(toBinary(method.output, create(method.output, made(message)))));
  };

  return createServer({ requestTimeout: REQUEST_WITHIN, headersTimeout: REQUEST_WITHIN }, (request, response) => {
    try {
      answer(request, response);
    } catch (thrown) {
      const error = ServiceError.from(thrown);
      if (error.code === Code.INTERNAL) logger.error({ err: thrown }, 'a list could not be answered');
      const problem = problemOf(error, split(request.url ?? '/').path);
      send(response, problem.status, JSON.stringify(problem), PROBLEM_CONTENT_TYPE);
    }
  });
}

const METHOD_NOT_ALLOWED = 'METHOD_NOT_ALLOWED';

function problemOf(error: ServiceError, instance: string) {
  const context: ProblemContext = error.reason === METHOD_NOT_ALLOWED ? { instance, status: 405 } : { instance };
  const problem = toProblem(error, context);
  return error instanceof InvalidRequest ? { ...problem, errors: error.errors } : problem;
}

function send(response: ServerResponse, status: number, body: string, type = 'application/json'): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}

function split(url: string): { path: string; query: string } {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}
