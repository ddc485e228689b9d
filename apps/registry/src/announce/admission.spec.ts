import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { descriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import {
  type Announce,
  AnnounceSchema,
  type Instance,
  InstanceSchema,
  Protocol,
  State,
} from '@trellis/contracts/registry/v1';
import { UserService } from '@trellis/contracts/user/v1';
import { Admission } from './admission.js';
import { CallerLimits } from '../limits/caller-limits.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { ContractGate } from '../contract/contract-gate.js';
import type { Grant } from '../credentials/credentials.js';

const grant = { service: 'blog', packages: ['trellis.blog'] };
const blogContract = descriptorSet([BlogService]);

/** Admits into an empty catalogue, or one that holds the instance. */
function admit(announced: Announce, by: Grant, holder?: Instance) {
  const catalogue = new Catalogue('e1');
  if (holder) catalogue.apply({ kind: 'announce', session: 1, instance: holder }, 0);
  const gate = new ContractGate({ catalogue, limits: new CallerLimits(() => 0), now: () => 0 });
  return new Admission(catalogue, gate).admit(announced, by);
}

const announce = (instance: object = {}, contract: Uint8Array = blogContract) =>
  create(AnnounceSchema, {
    instance: create(InstanceSchema, {
      id: 'blog-1',
      service: 'blog',
      address: '127.0.0.1:1',
      protocol: Protocol.GRPC,
      grpcServices: [BlogService.typeName],
      ...instance,
    }),
    descriptorSet: new Uint8Array(contract),
  });

describe('admit', () => {
  it('takes a service within its packages and names the contract by its hash', () => {
    const { instance, contract } = admit(announce({ contractHash: 'made up', grpcMethods: ['made.up/Too'] }), grant);
    expect(contract).toEqual(new Uint8Array(blogContract));
    expect(instance.contractHash).toBe(createHash('sha256').update(blogContract).digest('hex'));
    expect(instance.state).toBe(State.SERVING);
    expect(instance.grpcMethods).toEqual(BlogService.methods.map(({ name }) => `${BlogService.typeName}/${name}`));
  });

  it('takes an instance without a contract, and no hash for one', () => {
    const announced = announce({ contractHash: 'made up', grpcServices: [] }, new Uint8Array());
    const instance = expect.objectContaining({ contractHash: '', grpcMethods: [] });
    expect(admit(announced, grant)).toEqual({ instance, pending: [] });
  });

  it.each([
    ['the name of another service', announce({ service: 'user' }), { code: 7, reason: 'SERVICE_NOT_YOURS' }],
    [
      'a gRPC service of another package',
      announce({ grpcServices: [UserService.typeName] }, descriptorSet([UserService])),
      { code: 7, reason: 'PACKAGE_NOT_YOURS' },
    ],
    [
      'a package that only begins like its own',
      announce({ grpcServices: ['trellis.blogger.v1.BlogService'] }),
      { code: 7, reason: 'PACKAGE_NOT_YOURS' },
    ],
    ['a service that its contract lacks', announce({ grpcServices: ['trellis.blog.v1.Other'] }), { code: 3 }],
    ['a contract that is none', announce({}, new Uint8Array([1, 2, 3])), { code: 3 }],
    ['a contract with an import missing', announce({}, descriptorSet([BlogService]).slice(-500)), { code: 3 }],
    ['a state that only the registry gives', announce({ state: State.SUSPECT }), { code: 3 }],
    ['a state that only its contract can have', announce({ state: State.PENDING }), { code: 3 }],
    ['an entry that is too large', announce({ metadata: { note: 'x'.repeat(20_000) } }), { code: 3 }],
  ])('refuses %s', (_case, announced, error) => {
    expect(() => admit(announced, grant)).toThrow(expect.objectContaining(error));
  });

  it('refuses an id that an instance of another service has', () => {
    const holder = create(InstanceSchema, { id: 'blog-1', service: 'user' });
    expect(() => admit(announce(), grant, holder)).toThrow(expect.objectContaining({ code: 6, reason: 'ID_TAKEN' }));
  });
});
