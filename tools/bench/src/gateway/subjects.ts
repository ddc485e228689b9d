import type { OwnRegistry } from '../own-registry.js';
import { ENVOYS } from './envoy.js';
import { haproxy } from './haproxy.js';
import { nginx } from './nginx.js';
import { NODE_RIVALS } from './node-rivals.js';
import type { Subject } from './subject.js';
import { trellis } from './trellis.js';

/** Who is measured, in the order of the table. */
export function subjects(registry: OwnRegistry): Subject[] {
  const access = registry.access('gateway');
  return [
    trellis({ cases: ['rest-grpc'], registry: access }),
    trellis({ cases: ['rest-grpc'], registry: access, name: 'trellis-sampled', sampled: 1 }),
    trellis({ cases: ['http-http'], registry: access, base: HTTP_BASE }),
    nginx,
    ...NODE_RIVALS,
    ...ENVOYS,
    haproxy,
    grpcGateway,
  ];
}

/** Known to be missing, and told so. */
const grpcGateway: Subject = {
  name: 'grpc-gateway',
  cases: ['rest-grpc'],
  warmsUp: false,
  start: () =>
    Promise.reject(new Error('it is a Go program to be generated and compiled for each contract, which takes minutes')),
};

/** Where the gateway has the registered HTTP service. */
export const HTTP_BASE = '/api/v1/posts/1.0.0';
