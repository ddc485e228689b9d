import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Code } from './code.js';
import { decodeStatus, encodeDetails } from './grpc-status.js';
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
        const got = decodeStatus(sent.code, sent.message, encodeDetails(sent));
        expect({ ...got }).toEqual({ ...sent });
      }),
    );
  });

  it('never carry the cause', () => {
    const sent = new ServiceError(Code.INTERNAL, 'failed', { reason: 'R', cause: new Error('password=hunter2') });
    expect(Buffer.from(encodeDetails(sent) ?? []).toString('latin1')).not.toContain('hunter2');
  });

  it('are left out when another make of peer sent something unreadable', () => {
    const got = decodeStatus(5, 'no such post', new Uint8Array([1, 2, 3]));
    expect([got.code, got.message, got.violations]).toEqual([Code.NOT_FOUND, 'no such post', []]);
  });

  it('take a code that is none for UNKNOWN', () => {
    expect(decodeStatus(99, 'odd').code).toBe(Code.UNKNOWN);
  });
});
