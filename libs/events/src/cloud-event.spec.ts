import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CloudEvent, MalformedEvent, fromRecord, toRecord, topicOf } from './cloud-event.js';

const text = fc.string({ minLength: 1 });
const event: fc.Arbitrary<CloudEvent> = fc.record({
  id: text,
  type: fc.constantFrom('trellis.blog.v1.PostCreated', 'trellis.user.v1.UserDeleted'),
  source: text,
  time: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }),
  key: text,
  payload: fc.uint8Array(),
});

describe('CloudEvents as Kafka records', () => {
  it('come back as they went', () => {
    fc.assert(fc.property(event, (sent) => expect(fromRecord(toRecord(sent, {}))).toEqual(sent)));
  });

  it('lie in the topic of their proto package', () => {
    expect(topicOf('trellis.blog.v1.PostCreated')).toBe('trellis.blog.v1');
  });

  it('carry the trace context that there is, and no empty header', () => {
    const [sent] = fc.sample(event, 1);
    if (!sent) throw new Error('fast-check gave no sample');
    const { headers } = toRecord(sent, { traceparent: '00-1-2-01' });
    expect(headers['traceparent']).toBe('00-1-2-01');
    expect('tracestate' in headers).toBe(false);
  });

  it('are refused without an attribute that every event has', () => {
    fc.assert(
      fc.property(
        event,
        fc.constantFrom('ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_specversion'),
        (sent, name) => {
          const record = toRecord(sent, {});
          const headers = { ...record.headers, [name]: '' };
          expect(() => fromRecord({ ...record, headers })).toThrow(new MalformedEvent(`The header ${name} is missing`));
        },
      ),
    );
  });

  it('are refused with a time that is none', () => {
    const [sent] = fc.sample(event, 1);
    if (!sent) throw new Error('fast-check gave no sample');
    const record = toRecord(sent, {});
    expect(() => fromRecord({ ...record, headers: { ...record.headers, ce_time: 'yesterday' } })).toThrow(
      MalformedEvent,
    );
  });
});
