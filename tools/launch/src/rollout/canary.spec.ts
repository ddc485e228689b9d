import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answered, problemOf, since } from './canary.js';

const count = fc.nat(10_000);
const answers = fc.tuple(count, count).map(([fine, faults]) => ({ calls: fine + faults, faults }));

describe('a new instance beside an old one', () => {
  it.each([
    ['answers nothing yet', [0, 0], [100, 0], true],
    ['fails twice', [2, 2], [100, 0], true],
    ['fails three times out of three', [3, 3], [100, 0], false],
    ['fails as rarely as anybody may', [100, 5], [100, 0], true],
    ['fails a tenth', [100, 10], [100, 0], false],
    ['fails a tenth in an outage that both see', [100, 10], [100, 8], true],
  ])('%s', (_case, [calls = 0, faults = 0], [otherCalls = 0, otherFaults = 0], stays) => {
    const problem = problemOf({ calls, faults }, { calls: otherCalls, faults: otherFaults });
    expect(problem === undefined).toBe(stays);
  });

  it('that is no worse than the old one is never stopped', () => {
    fc.assert(fc.property(answers, (one) => problemOf(one, one) === undefined));
  });

  it('is told with the counts of the time in which it was watched', () => {
    const fresh = since({ calls: 7, faults: 1 }, { calls: 17, faults: 11 });
    expect(problemOf(fresh, { calls: 20, faults: 0 })).toBe(
      '10 of its 10 answers were faults, against 0 of 20 of the old one',
    );
  });
});

describe('what an instance has answered', () => {
  it('is read from its metrics: faults by code and by status, refusals are none', () => {
    const metrics = `# TYPE rpc_server_call_duration_seconds histogram
rpc_server_call_duration_seconds_count{rpc_method="b/Get",rpc_status_code="OK",otel_scope_name="x"} 40
rpc_server_call_duration_seconds_count{rpc_method="b/Get",rpc_status_code="NOT_FOUND"} 5
rpc_server_call_duration_seconds_count{rpc_method="b/Get",rpc_status_code="INTERNAL"} 3
rpc_server_call_duration_seconds_bucket{rpc_status_code="INTERNAL",le="5"} 3
http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="404"} 2
http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="503"} 1
nodejs_eventloop_count{} 9`;
    expect(answered(metrics)).toEqual({ calls: 51, faults: 4 });
    expect(answered('')).toEqual({ calls: 0, faults: 0 });
  });
});
