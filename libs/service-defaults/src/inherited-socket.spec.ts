import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { instanceEnv } from './common-env.js';
import { inheritedHttpSocket } from './inherited-socket.js';
import { parseConfig } from './load-config.js';

describe('a socket that is handed over', () => {
  it.each([
    ['none', {}, undefined],
    ['one alone, whatever its name', { LISTEN_FDS: '1', LISTEN_FDNAMES: 'gateway.socket' }, 3],
    ['one of several, by its name', { LISTEN_FDS: '2', LISTEN_FDNAMES: 'other:http' }, 4],
    ['several without names', { LISTEN_FDS: '2' }, undefined],
    ['a name beyond their number', { LISTEN_FDS: '2', LISTEN_FDNAMES: 'a:b:http' }, undefined],
    ['one for this process', { LISTEN_FDS: '1', LISTEN_PID: '42' }, 3],
    ['one for another process', { LISTEN_FDS: '1', LISTEN_PID: '41' }, undefined],
  ])('is found: %s', (_case, env, fd) => {
    expect(inheritedHttpSocket(parseConfig(z.object(instanceEnv), env), 42)).toBe(fd);
  });
});
