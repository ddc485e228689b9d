import type { ServiceOptions } from './service-options.js';

export async function startService(_options: ServiceOptions): Promise<void> {
  throw new Error('Not built yet');
}
