import { expect, it } from '@jest/globals';
import { ContractError } from '../contract-error.js';
import { parsePathTemplate } from '../path-template.js';
import { createRouter } from '../router.js';
import { MUX, type MuxVector } from './mux.fixture.js';

/** Why a request is answered otherwise. */
const REASONS = {
  'a method means itself: no form makes a POST a GET, and no header overrides it': [
    'POST /foo (form)',
    'POST /foo (form, override GET)',
  ],
  "a request target without a slash is the HTTP server's to refuse; here it is just not found": ['POST foo'],
  'a verb holds no colon, so the template is refused (as Envoy does)': ['POST /foo/bar:verb:subverb'],
  'an encoded slash never parts segments, and a path is not decoded before it is matched': [
    'POST /foo/404%2fwith%2Fspace/bar (legacy)',
    'GET /foo/success%2fwith%2Fspace/bar (all)',
    'GET /foo/success%2fwith%2Fspace/bar (legacy)',
    'POST /api/v1/organizations%2Ffoo:action (all)',
  ],
  '%25 is a percent sign, and decoded once': ['GET /foo/%25 (all but reserved)'],
};

function nameOf({ request, form, override, strict, mode }: MuxVector): string {
  const notes = [form && 'form', override && `override ${override}`, strict && 'strict', mode].filter(Boolean);
  return notes.length > 0 ? `${request} (${notes.join(', ')})` : request;
}

function answer({ routes, request }: MuxVector): unknown {
  const [httpMethod = '', path = ''] = request.split(' ');
  try {
    const match = createRouter(routes.map(route)).match(httpMethod, path);
    if (match.kind === 'found') return `${match.route.httpMethod} ${match.route.template.text}`;
    return match.kind === 'method' ? 501 : 404;
  } catch (error) {
    if (error instanceof ContractError) return undefined;
    throw error;
  }
}

function route(text: string) {
  const [httpMethod = '', path = ''] = text.split(' ');
  return { httpMethod, template: parsePathTemplate(path) };
}

it("the requests of grpc-gateway's mux find the same routes, but for those explained", () => {
  const differing = MUX.filter((vector) => answer(vector) !== vector.answer);
  expect(differing.map(nameOf).sort()).toEqual(Object.values(REASONS).flat().sort());
});
