import { create } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { AnnounceSchema, InstanceSchema, Protocol, State } from '@trellis/contracts/registry/v1';
import { createLogger } from '@trellis/telemetry';
import { Admission } from '../announce/admission.js';
import type { Admitted } from '../announce/admitted.js';
import { Operator } from '../operator.js';
import { Registry } from '../registry.js';
import { SHOP, type Sample, at, field, sampleSet } from './contract.fixture.js';
import { hashOf } from './contract.js';
import { ContractGate } from './contract-gate.js';
import { summaries } from './contract-summary.js';

let now: number;
let registry: Registry;
let gate: ContractGate;
let admission: Admission;
let operator: Operator;

beforeEach(() => {
  now = 0;
  const logger = createLogger({ name: 'registry', level: 'silent' });
  registry = new Registry({ epoch: 'e1', logger, now: () => now });
  gate = new ContractGate(registry);
  admission = new Admission(registry.catalogue, gate);
  operator = new Operator(registry, gate, logger);
});

const sessions = new Map<string, number>();
/** Announces an instance whose service may have any package. */
function announce(service: string, id: string, sample: Sample, more: object = {}): Admitted {
  const instance = create(InstanceSchema, {
    ...{ id, service, version: '1.0.0', address: `${id}:1`, protocol: Protocol.GRPC, grpcServices: [SHOP] },
    ...more,
  });
  const descriptorSet = new Uint8Array(sampleSet(sample));
  const admitted = admission.admit(create(AnnounceSchema, { instance, descriptorSet }), {
    service,
    packages: ['shop'],
  });
  sessions.set(id, registry.newSession());
  registry.apply({ kind: 'announce', session: sessions.get(id) ?? 0, ...admitted });
  return admitted;
}
const leave = (id: string) => registry.apply({ kind: 'leave', session: sessions.get(id) ?? 0 });
const stateOf = (id: string) => State[registry.catalogue.find(id)?.state ?? 0];
const hash = (sample: Sample) => hashOf(sampleSet(sample));

const V1: Sample = { methods: { Get: { ...at('/shop/items'), scopes: ['shop:read'] } } };
const V2: Sample = { methods: { ...V1.methods, List: { ...at('/shop/lists'), scopes: ['shop:read'] } } };
const WEAK: Sample = { methods: { Get: { ...at('/shop/items'), public: true } } };
const BROKEN: Sample = { ...V1, item: [field('title', 1)] };

describe('the contracts of one service', () => {
  it('start with whatever comes first', () => {
    expect(announce('shop', 'a', WEAK).pending).toEqual([]);
    expect(stateOf('a')).toBe('SERVING');
  });

  it('may grow, side by side', () => {
    announce('shop', 'a', V1);
    const { pending, instance } = announce('shop', 'b', V2, { version: '2.0.0' });
    expect(pending).toEqual([]);
    expect(instance.grpcMethods).toEqual([`${SHOP}/Get`, `${SHOP}/List`]);
    expect(registry.catalogue.find('a')?.grpcMethods).toEqual([`${SHOP}/Get`]);
  });

  it('wait for an operator when they weaken scopes or break messages, and take no calls until then', () => {
    announce('shop', 'a', V1);
    expect(announce('shop', 'weak', WEAK).pending).toEqual(['The method shop.v1.Shop/Get would be public.']);
    expect(announce('shop', 'broken', BROKEN).pending).toEqual([
      'The field shop.v1.Item.name would be called title in JSON.',
    ]);
    expect([stateOf('a'), stateOf('weak'), stateOf('broken')]).toEqual(['SERVING', 'PENDING', 'PENDING']);
  });

  it('are compared with each live one, and not with those that wait', () => {
    announce('shop', 'a', V2);
    announce('shop', 'weak', WEAK);
    expect(announce('shop', 'b', V2).pending).toEqual([]);
    const { pending } = announce('shop', 'c', V1);
    expect(pending).toEqual(['The method shop.v1.Shop/List would be gone.']);
  });

  it('are known again: a restart and a rollback wait for nobody', () => {
    announce('shop', 'a', V1);
    announce('shop', 'b', V2);
    leave('a');
    expect(announce('shop', 'b', V2).pending).toEqual([]);
    expect(announce('shop', 'a', V1).pending).toEqual([]);
  });

  it('hold who takes the place of the last one to what that one promised, for a minute', () => {
    announce('shop', 'a', V1);
    expect(announce('shop', 'a', WEAK).pending).not.toEqual([]); // the same instance: nobody has V1 any more
    expect(announce('shop', 'a', WEAK).pending).not.toEqual([]);
    leave('a');
    now += 59_999;
    expect(announce('shop', 'a', WEAK).pending).not.toEqual([]);
    now += 1_000;
    expect(announce('shop', 'a', WEAK).pending).toEqual([]);
  });

  it('start anew when all have left', () => {
    announce('shop', 'a', V1);
    leave('a');
    expect(announce('shop', 'b', WEAK).pending).toEqual([]);
  });

  it('are approved by an operator, for all who have them now and later', () => {
    announce('shop', 'a', V1);
    announce('shop', 'weak', WEAK);
    const { contract } = operator.approve(hash(WEAK), 'ada');
    expect(contract).toMatchObject({ service: 'shop', hash: hash(WEAK), pending: [], routes: ['GET /shop/items'] });
    expect(stateOf('weak')).toBe('SERVING');
    expect(announce('shop', 'weak-2', WEAK).pending).toEqual([]);
  });

  it('are listed, the newest version first', () => {
    announce('shop', 'a', V1, { version: '1.9.0' });
    announce('shop', 'b', WEAK, { version: '1.10.0' });
    announce('shop', 'c', WEAK, { version: '1.10.1' });
    const list = summaries(registry.catalogue, gate, () => true);
    expect(list).toMatchObject([
      { hash: hash(WEAK), versions: ['1.10.0', '1.10.1'], instances: 2, methods: 1, pending: [expect.any(String)] },
      { hash: hash(V1), versions: ['1.9.0'], instances: 1, pending: [] },
    ]);
  });

  it('may be different parts of one file', () => {
    announce('shop', 'a', V1, { grpcServices: [] });
    const { pending, instance } = announce('shop', 'b', V1);
    expect([pending, instance.grpcMethods]).toEqual([[], [`${SHOP}/Get`]]);
    expect(announce('shop', 'c', V1, { grpcServices: [] }).instance.grpcMethods).toEqual([]);
  });
});

describe('a route', () => {
  const claim = (path: string): Sample => ({ methods: { Get: at(path) } });
  const taken = (route: string, service: string) =>
    expect.objectContaining({ code: 9, reason: 'ROUTE_TAKEN', metadata: { route, service } });

  it.each([
    ['/shop/items', '/shop/items'],
    ['/shop/{name}', '/shop/*'],
    ['/shop/{name}', '/shop/special'],
    ['/shop/{name=**}', '/shop/a/b'],
    ['/shop/{name}:go', '/shop/*:go'],
  ])('%s of another service keeps %s from being claimed', (theirs, mine) => {
    announce('shop', 'a', claim(theirs));
    expect(() => announce('market', 'b', claim(mine))).toThrow(taken(`GET ${theirs}`, 'shop'));
    expect(registry.catalogue.find('b')).toBeUndefined();
  });

  it('for every method keeps each of them', () => {
    const any: Sample = {
      methods: { Get: { rules: [{ pattern: { case: 'custom', value: { kind: '*', path: '/shop' } } }] } },
    };
    announce('shop', 'a', any);
    expect(() => announce('market', 'b', claim('/shop'))).toThrow(taken('* /shop', 'shop'));
  });

  it.each([
    ['/shop/items', '/shop/other'],
    ['/shop/{name}', '/shop/{name}/more'],
    ['/shop/{name}', '/shop/{name}:go'],
  ])('%s leaves %s to others', (theirs, mine) => {
    announce('shop', 'a', claim(theirs));
    expect(announce('market', 'b', claim(mine)).pending).toEqual([]);
  });

  it('is free once nobody who has it is listed', () => {
    announce('shop', 'a', V1);
    leave('a');
    expect(announce('market', 'b', V1).pending).toEqual([]);
  });

  it('is not free for one who was refused it a moment ago: its owner may be restarting', () => {
    announce('shop', 'a', V1);
    const claim = () => announce('market', 'b', V1);
    expect(claim).toThrow(taken('GET /shop/items', 'shop'));
    leave('a');
    now += 59_999;
    expect(claim).toThrow(taken('GET /shop/items', 'shop'));
    now += 1_000;
    expect(claim().pending).toEqual([]);
  });

  it('of a contract that waits is nobody’s, and may be gone when it is approved', () => {
    announce('shop', 'a', V1);
    const greedy: Sample = { methods: { Get: { ...at('/market'), public: true } } };
    expect(announce('shop', 'b', greedy).pending).not.toEqual([]);
    announce('market', 'c', claim('/market'));
    expect(() => operator.approve(hash(greedy), 'ada')).toThrow(taken('GET /market', 'market'));
    expect(stateOf('b')).toBe('PENDING');
  });
});

describe('somebody who is not admitted', () => {
  it('gets the same answer for a second, and another one when things have changed', () => {
    announce('shop', 'a', V1);
    const claim = () => announce('market', 'b', V1);
    expect(claim).toThrow('The route GET /shop/items belongs to shop');
    announce('shop', 'a', { methods: { Get: { scopes: ['shop:read'] } } });
    operator.approve(registry.catalogue.find('a')?.contractHash ?? '', 'ada');
    expect(claim).toThrow('The route GET /shop/items belongs to shop');
    now += 1_000;
    expect(claim().pending).toEqual([]);
  });

  it('need not wait for that when an operator approves', () => {
    announce('shop', 'a', V1);
    announce('shop', 'weak', WEAK);
    leave('weak');
    registry.apply({ kind: 'approve', hash: hash(WEAK) });
    expect(announce('shop', 'weak', WEAK).pending).toEqual([]);
  });
});

describe('somebody who announces one contract after another', () => {
  const number = (each: number): Sample => ({ methods: { Get: {} }, sizes: { [`S${each}`]: 0 } });

  it('is told to wait, and nobody else is', () => {
    for (let each = 0; each < 16; each += 1) announce('shop', 'a', number(each));
    expect(() => announce('shop', 'a', number(16))).toThrow(expect.objectContaining({ code: 8 }));
    expect(announce('shop', 'a', number(3)).pending).toEqual([]); // known
    expect(announce('market', 'm', number(16)).pending).toEqual([]);
    now += 5_000;
    expect(announce('shop', 'a', number(16)).pending).toEqual([]);
  });

  it('gets the same answer to the same bad one, which is read once', () => {
    const bad: Sample = { methods: { Get: at('/health') } };
    const answers = Array.from({ length: 50 }, () => {
      try {
        return announce('shop', 'a', bad);
      } catch (error) {
        return String(error);
      }
    });
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain("lies below /health, which is the platform's own");
  });
});
