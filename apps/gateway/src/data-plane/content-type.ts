import type { IncomingHttpHeaders } from 'node:http';
import { unsupportedContent } from './http-refusal.js';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/i;

/** Refuses with 415 a body that is not JSON in UTF-8 as it is (RFC 8259, section 8.1), or that names no type. */
export function requireJson(headers: IncomingHttpHeaders): void {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim());
  if (!JSON_TYPE.test(type)) throw unsupportedContent('The body must have the content type application/json');
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter))?.slice('charset='.length);
  if (charset !== undefined && !/^"?utf-8"?$/i.test(charset)) throw unsupportedContent('The body must be UTF-8');
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw unsupportedContent('The body must not be compressed');
  }
}
