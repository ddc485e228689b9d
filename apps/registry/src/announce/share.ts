import { resourceExhausted } from '@trellis/errors';
import type { Admitted } from './admitted.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { encoded } from '../catalogue/encoded.js';

/**
 * Bytes of all entries of one service: 10,000 ordinary instances. A snapshot holds everybody's, and watchers take 32 MiB of
 * it (libs/discovery): a service that alone filled that would cut off the whole platform.
 */
const MAX_ENTRIES_BYTES = 4 * 1024 * 1024;
/** Different contracts of one service at a time, each up to 256 KiB: a release has two or three versions side by side. */
const MAX_CONTRACTS = 16;

/** Throws RESOURCE_EXHAUSTED with reason SERVICE_TOO_LARGE when the service would take up more than its share. */
export function checkShare({ instance, contract }: Admitted, catalogue: Catalogue): void {
  const holder = catalogue.find(instance.id);
  const others = catalogue.bytes(instance.service) - (holder ? encoded(holder).length : 0);
  if (others + encoded(instance).length > MAX_ENTRIES_BYTES) throw tooLarge('instances');
  if (contract === undefined || catalogue.contract(instance.contractHash)) return;
  const contracts = new Set(catalogue.list(instance.service).map(({ contractHash }) => contractHash));
  contracts.delete('');
  if (contracts.size >= MAX_CONTRACTS) throw tooLarge('contracts');
}

const tooLarge = (what: string) =>
  resourceExhausted(`The service's ${what} take up more than its share of the registry`, {
    reason: 'SERVICE_TOO_LARGE',
    retryAfter: 5,
  });
