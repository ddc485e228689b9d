import { type JsonObject, fromBinary, fromJson, toBinary, toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import type { Route } from './route.js';
import { shelfService } from './shelf-contract.fixture.js';

const SCAN = { pattern: { case: 'post', value: '/v1/{shelf}/scan' }, body: 'scan', responseBody: 'scan' } as const;
const PIXELS = new Uint8Array([0, 255, 128, 10]);
const { files, routes, registry } = shelfService(SCAN, { pattern: { case: 'post', value: '/v1' }, body: '*' });
const [scan, whole] = routes;
const [keep] = files;

function sent(route: Route | undefined, contentType?: string, body?: Uint8Array, captures: readonly string[] = []) {
  const bytes = route?.decode({ captures, query: '', body, contentType }) ?? new Uint8Array();
  return route && toJson(route.method.input, fromBinary(route.method.input, bytes), { registry });
}

function answered(route: Route | undefined, json: JsonObject) {
  return route?.encode(toBinary(route.method.output, fromJson(route.method.output, json, { registry })));
}

describe('a body that is an HttpBody', () => {
  it('is told from JSON', () => {
    expect([keep, scan, whole].map((route) => route?.bodyForm)).toEqual(['raw', 'raw', 'json']);
  });

  it('goes in as it is, with its type', () => {
    const json = { contentType: 'image/png', data: 'AP+ACg==' };
    expect(sent(keep, 'image/png', PIXELS)).toEqual(json);
    expect(sent(scan, 'image/png', PIXELS, ['s'])).toEqual({ shelf: 's', scan: json });
  });

  it('is nothing when the request has none', () => {
    expect(sent(keep)).toEqual({});
    expect(sent(scan, undefined, undefined, ['s'])).toEqual({ shelf: 's' });
  });

  it('is JSON where it is but a part of the message', () => {
    const body = new TextEncoder().encode('{"scan": {"contentType": "image/png", "data": "AP+ACg"}}');
    expect(sent(whole, 'application/json', body)).toEqual({ scan: { contentType: 'image/png', data: 'AP+ACg==' } });
  });
});

describe('an answer that is an HttpBody', () => {
  const json = { contentType: 'text/csv; charset=utf-8', data: 'AP+ACg==' };
  const content = { contentType: 'text/csv; charset=utf-8', body: PIXELS };

  it('goes out as it is, with its type', () => {
    expect(answered(keep, json)).toEqual(content);
    expect(answered(scan, { scan: json })).toEqual(content);
    expect(answered(whole, { scan: json })?.contentType).toBe('application/json');
  });

  it('is bytes of unknown meaning when nobody says what they are', () => {
    const nothing = { contentType: 'application/octet-stream', body: new Uint8Array() };
    expect(answered(keep, {})).toEqual(nothing);
    expect(answered(scan, { shelf: 's' })).toEqual(nothing);
    expect(answered(scan, { scan: {} })).toEqual(nothing);
  });

  it.each(['text/html\r\nset-cookie: a=b', 'png', 'text/html; a=\u00e9', 'text /html'])(
    'cannot have the type %j',
    (contentType) => expect(() => answered(keep, { contentType })).toThrow('content type'),
  );
});
