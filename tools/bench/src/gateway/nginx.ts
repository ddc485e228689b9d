import { startProgram } from './start-program.js';
import type { Subject } from './subject.js';

/** The hop that everything is compared with: one worker that passes HTTP/1 on over kept connections, without a log. */
export const nginx: Subject = {
  name: 'nginx',
  cases: ['http-http', 'rest-grpc'],
  warmsUp: false,
  start: ({ backends, folder, programs }) =>
    startProgram({
      command: programs.path('nginx'),
      file: 'nginx.conf',
      folder,
      args: (file) => ['-c', file, '-p', folder, '-e', 'stderr'],
      config: (port) => `
daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
  upstream backend { server 127.0.0.1:${backends.http}; keepalive 64; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    keepalive_requests 1000000000;
    location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`,
    }),
};
