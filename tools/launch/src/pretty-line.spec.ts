import { describe, expect, it } from '@jest/globals';
import { stripVTControlCharacters } from 'node:util';
import { prettyLine } from './pretty-line.js';

const pretty = (line: string): string => stripVTControlCharacters(prettyLine('blog-1', line));

describe('a log line for people', () => {
  it('says when, how bad, who and what, then the rest', () => {
    const line =
      '{"level":"warn","time":"2026-11-21T07:44:25.879Z","pid":1,"name":"blog","trace_id":"ab","msg":"Slow"}';
    expect(pretty(line)).toBe('07:44:25.879 WARN  blog-1 Slow trace_id=ab');
  });

  it('says of a request first how it went', () => {
    const line =
      '{"level":"info","time":"2026-11-21T07:44:25.879Z","pid":1,"name":"gateway","method":"GET","host":"localhost",' +
      '"path":"/v1/posts","route":"/v1/posts","status":503,"ms":3.2,"bytes":412,"client":"::1","user_agent":"curl/8",' +
      '"trace_id":"ab","error":"UNAVAILABLE","msg":"request"}';
    expect(pretty(line)).toBe(
      '07:44:25.879 INFO  blog-1 GET /v1/posts 503 3.2 ms bytes=412 trace_id=ab error=UNAVAILABLE',
    );
  });

  it('leaves alone what is no JSON or not a log entry', () => {
    expect(pretty('(node:1) Warning')).toBe('blog-1 (node:1) Warning');
    expect(pretty('[1]')).toBe('blog-1 [1]');
  });
});
