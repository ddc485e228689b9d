import { startProgram } from './start-program.js';
import type { Subject } from './subject.js';

/** One thread, kept connections, no log. */
export const haproxy: Subject = {
  name: 'haproxy',
  cases: ['http-http'],
  warmsUp: false,
  start: ({ backends, folder, programs }) =>
    startProgram({
      command: programs.path('haproxy'),
      file: 'haproxy.cfg',
      folder,
      args: (file) => ['-db', '-f', file],
      config: (port) => `
global
  nbthread 1
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend bench
  bind 127.0.0.1:${port}
  default_backend backend
backend backend
  server one 127.0.0.1:${backends.http}
`,
    }),
};
