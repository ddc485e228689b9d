import {
  type DescMethod,
  type JsonObject,
  type Message,
  create,
  fromBinary,
  fromJson,
  fromJsonString,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Route, routesOf } from '../route.js';
import { createRouter } from '../router.js';
import { registry } from './compliance-contract.fixture.js';
import { SUITE } from './compliance-suite.fixture.js';
import { type RestRequest, parameters, restRequest } from './rest-client.fixture.js';

const service = registry.getService('google.showcase.v1beta1.Compliance');
if (!service) throw new Error('no service');
const routes = routesOf(service, registry);
const router = createRouter(routes);
const text = new TextDecoder();

const CASES = SUITE.flatMap(({ name, rpcs, requests }) =>
  rpcs.flatMap((rpc) => requests.map((request) => [`${name}: ${rpc}, ${request.name}`, rpc, request] as const)),
);

function send({ httpMethod, path, query, body }: RestRequest): { route: Route; message: Uint8Array } {
  const match = router.match(httpMethod, path);
  if (match.kind !== 'found') throw new Error(`${httpMethod} ${path}: ${match.kind}`);
  const { route, captures } = match;
  return { route, message: route.decode({ captures, query, body, contentType: 'application/json' }) };
}

/** The JSON that a client gets for an answer of the service. */
function answer(route: Route, json: JsonObject): JsonObject {
  const { output } = route.method;
  const { body } = route.encode(toBinary(output, fromJson(output, json, { registry })));
  const read = fromJsonString(output, typeof body === 'string' ? body : text.decode(body), { registry });
  return toJson(output, read, { registry }) as JsonObject;
}

/** An empty message inside of another has no form in a query. */
const leavesOf = (method: DescMethod, message: Message): string[] =>
  parameters(toJson(method.input, message, { registry }) as JsonObject, '').sort();

/** Fields that path, body and query give, with texts that mean something in a URL. */
const texts = fc.string({
  minLength: 1,
  unit: fc.oneof(fc.constantFrom(...'/%:+&=?#. ', '%2F', '..', 'é'), fc.string({ unit: 'grapheme' })),
});
const step = texts.map((value) => value.replaceAll('/', ''));
const requests = fc.record(
  {
    name: texts,
    fInt64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
    pDouble: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0), // no -0, which JSON lacks
    info: fc.record(
      {
        fString: fc.oneof(
          texts,
          step.map((value) => `first/${value}`),
          step.map((value) => `second/${value}`),
        ),
        fInt32: fc.integer(),
        fBool: fc.boolean(),
        fKingdom: fc.constantFrom('FUNGI', 'LIFE_KINGDOM_UNSPECIFIED', 77),
        pString: fc.string({ unit: 'grapheme' }),
        fBytes: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64')),
        fChild: fc.record(
          {
            fString: fc.oneof(
              texts,
              step.map((value) => `second/${value}`),
            ),
            pBool: fc.boolean(),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

describe('the compliance suite of Google showcase', () => {
  it.each(CASES)('%s', (_, rpc, json) => {
    const own = routes.filter(({ method }) => method.name === rpc);
    const [{ method }] = own as [Route];
    const message = fromJson(method.input, json, { registry });
    const request = own
      .map(({ binding }) => restRequest(binding, message, registry))
      .find((each) => each !== undefined);
    if (!request) throw new Error('the values fit no binding');

    const received = send(request);
    expect(received.route.method).toBe(method);
    expect(received.route.template.text).toBe(json['intendedBindingUri'] ?? received.route.template.text);
    const sent = toJson(method.input, message, { registry });
    expect(toJson(method.input, fromBinary(method.input, received.message), { registry })).toEqual(sent);

    const response = { request: sent, bindingUri: received.route.template.text };
    expect(answer(received.route, response)).toEqual(response);
  });

  it('has all of its requests run here', () => expect(CASES).toHaveLength(53));

  it('holds for any request that a binding can carry', () => {
    let carried = 0;
    fc.assert(
      fc.property(requests, (json) => {
        for (const { method, binding } of routes.filter((each) => each.method.name.startsWith('Repeat'))) {
          const message = fromJson(method.input, json as JsonObject, { registry });
          const request = restRequest(binding, message, registry);
          if (!request) continue;
          carried += 1;
          const received = send(request);
          expect(received.route.binding).toBe(binding);
          const read = fromBinary(method.input, received.message);
          expect(leavesOf(method, read)).toEqual(leavesOf(method, message));
        }
      }),
      { numRuns: 200 },
    );
    expect(carried).toBeGreaterThan(1_000);
  });

  it.each(['AFRICA', 99])('gives an enum %s back as it was, known or not', (continent) => {
    const [get, verify] = ['GetEnum', 'VerifyEnum'].map((name) => routes.find(({ method }) => method.name === name));
    if (!get || !verify) throw new Error('no route');
    const response = { request: { unknownEnum: true }, continent };
    const known = create(get.method.output, fromJson(get.method.output, answer(get, response)) as never);
    const request = restRequest(verify.binding, known, registry);
    if (!request) throw new Error('no request');
    const received = send(request);
    expect(received.route.method.name).toBe('VerifyEnum');
    expect(toJson(verify.method.input, fromBinary(verify.method.input, received.message))).toEqual(response);
  });
});
