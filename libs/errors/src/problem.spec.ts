import { describe, expect, it } from '@jest/globals';
import { Code, codeName, httpStatus, phrase } from './code.js';
import { jsonPointer, toProblem } from './problem.js';
import { ServiceError, invalidArgument, unavailable } from './service-error.js';

describe('toProblem', () => {
  it('names each violation with a pointer into the body', () => {
    const problem = toProblem(invalidArgument([{ field: 'title', description: 'is required' }]), {
      instance: '/v1/posts',
      traceId: 't',
    });
    expect(problem).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'title: is required',
      instance: '/v1/posts',
      code: 'INVALID_ARGUMENT',
      errors: [{ pointer: '#/title', detail: 'is required' }],
      traceId: 't',
    });
  });

  it('never shows a cause or a stack', () => {
    const problem = toProblem(ServiceError.from(new Error('select * from users; password=hunter2')));
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|\bat .*\.ts/);
    expect(problem.status).toBe(500);
  });

  it('lets HTTP refine the status', () => {
    expect(toProblem(invalidArgument([]), { status: 413 })).toMatchObject({ status: 413, title: 'Content Too Large' });
  });
});

describe('the table', () => {
  it.each(Object.entries(Code))('knows %s', (name, code) => {
    expect(codeName(code)).toBe(name);
    expect(httpStatus(code)).toBeGreaterThanOrEqual(400);
    expect(phrase(httpStatus(code))).not.toBe('Error');
  });
});

describe('ServiceError', () => {
  it('keeps the cause for the log', () => {
    const cause = new Error('connection refused');
    expect(ServiceError.from(cause)).toMatchObject({ code: Code.INTERNAL, cause });
    expect(ServiceError.from(unavailable('later'))).toMatchObject({ code: Code.UNAVAILABLE, retryAfter: 1 });
  });
});

describe('jsonPointer', () => {
  it.each([
    ['', '#'],
    ['title', '#/title'],
    ['post.tags[2]', '#/post/tags/2'],
    ['labels["a"]', '#/labels/a'],
  ])('%j → %j', (field, pointer) => expect(jsonPointer(field)).toBe(pointer));
});
