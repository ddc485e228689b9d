import { descriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import type { Instance } from '@trellis/discovery';
import { ManualDirectory, instanceAt } from '@trellis/discovery/testing';

/** A directory that nobody is in yet and that has the contract of `blogAt`. */
export function blogDirectory(): ManualDirectory {
  const directory = new ManualDirectory();
  directory.contracts.set('blog-contract', descriptorSet([BlogService]));
  return directory;
}

export const blogAt = (address: string, changes: Partial<Instance> = {}): Instance =>
  instanceAt('blog', address, { contractHash: 'blog-contract', grpcServices: [BlogService.typeName], ...changes });

/** An auth instance: HTTP, without a contract. */
export const authAt = (address: string): Instance => instanceAt('auth', address, { protocol: 'http' });
