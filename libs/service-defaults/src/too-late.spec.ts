import { Metadata, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { BlogService } from '@trellis/contracts/blog/v1';
import { Code } from '@trellis/errors';
import { createLogger } from '@trellis/telemetry';
import { Admission } from './admission.js';
import { serveUnary } from './serve-unary.js';

describe('a call whose deadline has passed', () => {
  it('is refused before its token, its request and its handler', () => {
    const untouched = (): never => {
      throw new Error('touched');
    };
    const logger = createLogger({ name: 'blog', level: 'silent' });
    const admission = new Admission({ min: 1, max: 1, logger });
    const guards = { admission, inServerSpan: untouched, verifier: { verify: untouched } };
    const serve = serveUnary(BlogService.method.getPost, untouched, guards);
    const late = { metadata: new Metadata(), getDeadline: () => Date.now() - 1, request: Buffer.from([255]) };
    const replies: unknown[] = [];
    const reply: sendUnaryData<Buffer> = (error) => replies.push(error);
    for (let call = 0; call < 3; call++) serve(late as unknown as ServerUnaryCall<Buffer, Buffer>, reply);
    const refusal = expect.objectContaining({ code: Code.DEADLINE_EXCEEDED });
    expect(replies).toEqual([refusal, refusal, refusal]);
  });
});
