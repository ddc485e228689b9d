import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from '@jest/globals';
import { errors } from 'undici';
import { deadAddress } from '../platform.fixture.js';
import { requestFailure } from './http-failure.js';

const systemError = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall });

it.each<[string, unknown, string]>([
  ['connecting was refused', systemError('ECONNREFUSED', 'connect'), 'unsent'],
  ['connecting found no way', systemError('EHOSTUNREACH', 'connect'), 'unsent'],
  ['the name is unknown', systemError('ENOTFOUND', 'getaddrinfo'), 'unsent'],
  ['connecting took too long', new errors.ConnectTimeoutError(), 'unsent'],
  ['all addresses of a name refused', aggregate('connect', 'connect'), 'unsent'],
  ['the network broke under the request', systemError('EHOSTUNREACH', 'read'), 'unknown'],
  ['the network broke while writing', systemError('ENETUNREACH', 'write'), 'unknown'],
  ['the connection was reset', systemError('ECONNRESET', 'read'), 'unknown'],
  ['the other side closed', new errors.SocketError('other side closed'), 'unknown'],
  ['nobody knows', 'what', 'unknown'],
  ['nobody knows of a part of it', aggregate('connect', 'read'), 'unknown'],
])('a request without an answer because %s', (_, error, outcome) => {
  expect(requestFailure(error).outcome).toBe(outcome);
});

it('is told apart by what Node really throws', async () => {
  const [host, port] = (await deadAddress()).split(':');
  const [error] = (await once(connect({ host: host ?? '', port: Number(port) }), 'error').catch((cause: unknown) => [
    cause,
  ])) as unknown[];
  expect(requestFailure(error).outcome).toBe('unsent');
});

function aggregate(...syscalls: readonly string[]): AggregateError {
  const all = syscalls.map((syscall) => systemError('ECONNREFUSED', syscall));
  return Object.assign(new AggregateError(all), { code: 'ECONNREFUSED' });
}
