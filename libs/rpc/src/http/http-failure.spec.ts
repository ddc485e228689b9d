import { expect, it } from '@jest/globals';
import { errors } from 'undici';
import { requestFailure } from './http-failure.js';

const systemError = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall });

it.each<[string, unknown, boolean, string, string]>([
  ['connecting was refused', systemError('ECONNREFUSED', 'connect'), false, 'unsent', 'CONNECT_FAILED'],
  ['the name is unknown', systemError('ENOTFOUND', 'getaddrinfo'), false, 'unsent', 'CONNECT_FAILED'],
  ['connecting took too long', new errors.ConnectTimeoutError(), false, 'unsent', 'CONNECT_TIMEOUT'],
  ['the connection was reset before its turn', systemError('ECONNRESET', 'read'), false, 'unsent', 'CONNECT_FAILED'],
  ['the network broke under the request', systemError('EHOSTUNREACH', 'read'), true, 'unknown', 'CONNECTION_LOST'],
  ['the network broke while writing', systemError('EPIPE', 'write'), true, 'unknown', 'CONNECTION_LOST'],
  ['the other side closed', new errors.SocketError('other side closed'), true, 'unknown', 'CONNECTION_LOST'],
  ['nobody knows', 'what', true, 'unknown', 'CONNECTION_LOST'],
  ['it cannot be written', new errors.InvalidArgumentError('invalid header'), false, 'final', 'HEADER_INVALID'],
])('a request without an answer because %s', (_, error, begun, outcome, reason) => {
  expect(requestFailure(error, begun)).toMatchObject({ outcome, error: { reason } });
});
