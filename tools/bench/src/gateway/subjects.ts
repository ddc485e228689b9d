import type { OwnRegistry } from '../own-registry.js';
import { ENVOYS } from './envoy.js';
import { haproxy } from './haproxy.js';
import { nginx } from './nginx.js';
import { NODE_RIVALS } from './node-rivals.js';
import type { Subject } from './subject.js';
import { trellis } from './trellis.js';

/** Who is measured, in the order of the table. `large` is the registry that knows 1,000 routes. */
export function subjects(registry: OwnRegistry, large: OwnRegistry): Subject[] {
  const access = registry.access('gateway');
  return [
    trellis({ cases: ['rest-grpc', 'routes-1'], registry: access }),
    trellis({ cases: ['routes-1000'], registry: large.access('gateway') }),
    trellis({ cases: ['rest-grpc'], registry: access, name: 'trellis-sampled', sampled: 1 }),
    trellis({ cases: ['http-http'], registry: access, base: HTTP_BASE }),
    nginx,
    ...NODE_RIVALS,
    ...ENVOYS,
    haproxy,
  ];
}

/** Where the gateway has the registered HTTP service. */
export const HTTP_BASE = '/api/v1/posts/1.0.0';
