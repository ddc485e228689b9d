import { join } from 'node:path';
import { inheritedEnv, root } from '@trellis/launch';
import type { OwnRegistry } from '../own-registry.js';
import { nginx } from './nginx.js';
import { nestjs } from './node-rivals.js';
import { programHere } from './programs-here.js';
import type { Subject } from './subject.js';
import { trellis } from './trellis.js';

const FETCHED = join(root, '.trellis/bench/rivals');

export interface SubjectsOptions {
  readonly registry: OwnRegistry;
  /** The one with 1,000 routes. */
  readonly large: OwnRegistry;
  readonly say: (line: string) => void;
  /** Hears of each rival that is not to be had, and why. */
  readonly missing: (why: string) => void;
}

/** Who is measured, in the order of the table. */
export function subjects({ registry, large, say, missing }: SubjectsOptions): Subject[] {
  const access = registry.access('gateway');
  const withProgram = (name: string, make: (command: string) => readonly Subject[]): readonly Subject[] => {
    try {
      return make(programHere(name, FETCHED, inheritedEnv()['PATH'] ?? '', say));
    } catch (error) {
      missing(error instanceof Error ? error.message : String(error));
      return [];
    }
  };
  return [
    trellis({ cases: ['rest-grpc', 'routes-1'], registry: access }),
    trellis({ cases: ['routes-1000'], registry: large.access('gateway') }),
    trellis({ cases: ['rest-grpc'], registry: access, name: 'trellis-sampled', sampled: 1 }),
    trellis({ cases: ['http-http'], registry: access, base: '/api/v1/posts/1.0.0' }),
    ...withProgram('nginx', (command) => [nginx(command)]),
    nestjs,
  ];
}
