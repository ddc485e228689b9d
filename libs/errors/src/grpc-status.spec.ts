import { create, toBinary } from '@bufbuild/protobuf';
import { AnySchema, anyPack } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { ErrorInfoSchema, StatusSchema } from '@trellis/contracts/google/rpc';
import fc from 'fast-check';
import { Code } from './code.js';
import { decodeStatus, encodeStatus } from './grpc-status.js';
import { ServiceError } from './service-error.js';

const text = fc.string({ unit: 'grapheme' });
const errors = fc.record({
  code: fc.constantFrom(...Object.values(Code)),
  message: text,
  reason: fc.option(fc.constantFrom('USERNAME_TAKEN', 'STALE_ETAG'), { nil: undefined }),
  violations: fc.array(fc.record({ field: text, description: text }), { maxLength: 3 }),
  retryAfter: fc.option(fc.nat(1000), { nil: undefined }),
  metadata: fc.dictionary(fc.constantFrom('scope', 'id'), text),
});

describe('the details of a status', () => {
  it('come back as they were sent', () => {
    fc.assert(
      fc.property(errors, ({ code, message, ...details }) => {
        const sent = new ServiceError(code, message, details);
        const status = encodeStatus(sent);
        const got = decodeStatus(sent.code, status.message, status.details);
        expect({ ...got }).toEqual({ ...sent });
      }),
    );
  });

  it('never carry the cause', () => {
    const sent = new ServiceError(Code.INTERNAL, 'failed', { reason: 'R', cause: new Error('password=hunter2') });
    expect(Buffer.from(encodeStatus(sent).details ?? []).toString('latin1')).not.toContain('hunter2');
  });

  it('stay within what a peer takes in trailers, however much is wrong', () => {
    const violations = Array.from({ length: 5_000 }, (_, index) => ({
      field: `f${index}`,
      description: 'x'.repeat(999),
    }));
    const { message, details } = encodeStatus(
      new ServiceError(Code.INVALID_ARGUMENT, '\u{1f600}'.repeat(999), { violations }),
    );
    expect(message.length).toBe(512);
    expect(() => encodeURI(message)).not.toThrow();
    expect(details?.length).toBeLessThan(6_000);
    const got = decodeStatus(Code.INVALID_ARGUMENT, message, details);
    expect(got.violations[0]).toEqual({ field: 'f0', description: `${'x'.repeat(511)}…` });
  });

  it('are left out when another make of peer sent something unreadable', () => {
    const got = decodeStatus(5, 'no such post', new Uint8Array([1, 2, 3]));
    expect([got.code, got.message, got.violations]).toEqual([Code.NOT_FOUND, 'no such post', []]);
  });

  it('are left out one by one when only what they hold is unreadable', () => {
    const info = anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason: 'STALE_ETAG' }));
    const broken = create(AnySchema, {
      typeUrl: 'type.googleapis.com/google.rpc.BadRequest',
      value: new Uint8Array([255]),
    });
    const status = create(StatusSchema, { code: Code.ABORTED, details: [broken, info] });
    const got = decodeStatus(Code.ABORTED, 'stale', toBinary(StatusSchema, status));
    expect([got.code, got.reason, got.violations]).toEqual([Code.ABORTED, 'STALE_ETAG', []]);
  });

  it('take a code that is none for UNKNOWN', () => {
    expect(decodeStatus(99, 'odd').code).toBe(Code.UNKNOWN);
  });
});
