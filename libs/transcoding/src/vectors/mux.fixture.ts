/**
 * Routes, a request and what a mux answers: grpc-ecosystem/grpc-gateway, runtime/mux_test.go (TestMuxServeHTTP) at 9648db4.
 * Copyright 2015 Gengo, Inc., BSD 3-Clause License. Data only, transcribed: its operations as the templates that it makes
 * of them, `mode` its mode of unescaping where that matters.
 */
export interface MuxVector {
  readonly routes: readonly string[];
  readonly request: string;
  readonly form?: boolean;
  readonly override?: string;
  /** Without its fallback from POST with a form to GET. */
  readonly strict?: boolean;
  readonly mode?: 'legacy' | 'all' | 'all but reserved';
  /** The route, or the status: 501 where we say 405. */
  readonly answer: string | number;
}

const FOO = ['GET /foo'];
const BOTH = ['GET /foo', 'POST /foo'];
const WITH_VERB = (method: string) => [`${method} /foo/{id=*}`, `${method} /foo/{id=*}:verb`];

export const MUX: readonly MuxVector[] = [
  { routes: [], request: 'GET /', answer: 404 },
  { routes: FOO, request: 'GET /foo', answer: 'GET /foo' },
  { routes: FOO, request: 'GET /bar', answer: 404 },
  { routes: ['GET /*', 'GET /foo'], request: 'GET /foo', answer: 'GET /foo' },
  { routes: BOTH, request: 'POST /foo', answer: 'POST /foo' },
  { routes: FOO, request: 'DELETE /foo', answer: 501 },
  { routes: ['POST /foo/{id=*}:archive'], request: 'DELETE /foo/bar:archive', answer: 501 },
  { routes: FOO, request: 'POST /foo', form: true, answer: 'GET /foo' },
  { routes: FOO, request: 'POST /foo', form: true, strict: true, answer: 501 },
  { routes: BOTH, request: 'POST /foo', form: true, strict: true, answer: 'POST /foo' },
  { routes: BOTH, request: 'POST /foo', form: true, override: 'GET', answer: 'GET /foo' },
  { routes: ['DELETE /foo', 'PUT /foo', 'PATCH /foo'], request: 'POST /foo', form: true, answer: 501 },
  { routes: FOO, request: 'POST /foo', answer: 501 },
  { routes: ['POST /foo:bar'], request: 'POST /foo:bar', answer: 'POST /foo:bar' },
  { routes: WITH_VERB('GET'), request: 'GET /foo/bar:verb', answer: 'GET /foo/{id=*}:verb' },
  { routes: ['GET /foo/{id=*}'], request: 'GET /foo/bar', answer: 'GET /foo/{id=*}' },
  { routes: ['GET /foo/{id=*}'], request: 'GET /foo/bar:123', answer: 'GET /foo/{id=*}' },
  { routes: WITH_VERB('POST'), request: 'POST /foo/bar:verb', answer: 'POST /foo/{id=*}:verb' },
  { routes: FOO, request: 'POST foo', answer: 400 },
  {
    routes: ['POST /foo/{id=*}', 'POST /foo/{id=*}:verb:subverb'],
    request: 'POST /foo/bar:verb:subverb',
    answer: 'POST /foo/{id=*}:verb:subverb',
  },
  { routes: ['GET /foo/{id=*}/bar'], request: 'POST /foo/404%2fwith%2Fspace/bar', mode: 'legacy', answer: 404 },
  {
    routes: ['GET /foo/{id=*}/bar'],
    request: 'GET /foo/success%2fwith%2Fspace/bar',
    mode: 'all but reserved',
    answer: 'GET /foo/{id=*}/bar',
  },
  { routes: ['GET /foo/{id=*}/bar'], request: 'GET /foo/success%2fwith%2Fspace/bar', mode: 'all', answer: 404 },
  { routes: ['GET /foo/{id=*}/bar'], request: 'GET /foo/success%2fwith%2Fspace/bar', mode: 'legacy', answer: 404 },
  {
    routes: ['GET /foo/{id=**}'],
    request: 'GET /foo/success%2fwith%2Fspace',
    mode: 'all but reserved',
    answer: 'GET /foo/{id=**}',
  },
  {
    routes: ['POST /api/v1/{name=organizations/*}:action'],
    request: 'POST /api/v1/organizations%2Ffoo:action',
    mode: 'all',
    answer: 'POST /api/v1/{name=organizations/*}:action',
  },
  {
    routes: ['POST /api/v1/organizations:verb', 'POST /api/v1/organizations', 'POST /api/v1/dummies:verb'],
    request: 'POST /api/v1/organizations:verb',
    mode: 'all',
    answer: 'POST /api/v1/organizations:verb',
  },
  { routes: ['GET /foo/*'], request: 'GET /foo/%25', mode: 'all but reserved', answer: 400 },
];
