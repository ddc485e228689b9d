import { type MessageInitShape, create } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { InstanceSchema, State } from '@trellis/contracts/registry/v1';
import { ManualClock } from '@trellis/testing';
import { Catalogue } from './catalogue.js';
import type { Command, Result } from './command.js';

const TIMING = { heartbeat: 2_000, grace: 500, lease: 6_000, tick: 100 };
const instance = (id: string, more: MessageInitShape<typeof InstanceSchema> = {}) =>
  create(InstanceSchema, { id, service: 'blog', address: `${id}:1`, state: State.SERVING, ...more });

describe('Catalogue', () => {
  let clock: ManualClock;
  let catalogue: Catalogue;
  beforeEach(() => {
    clock = new ManualClock();
    catalogue = new Catalogue('e1', TIMING);
  });

  const apply = (command: Command): Result => catalogue.apply(command, clock.now());
  const announce = (session: number, id: string, more = {}, contract?: Uint8Array): Result =>
    apply({ kind: 'announce', session, instance: instance(id, more), ...(contract && { contract }) });
  const beat = (session: number, state = State.UNSPECIFIED): Result => apply({ kind: 'beat', session, state });
  const story = ({ changes }: Result): string[] =>
    changes.map((change) =>
      [change.revision, change.kind, change.instance.id, change.kind === 'left' ? change.reason : ''].join(' ').trim(),
    );
  /** Ticks as the registry does and tells what happened. */
  const pass = (milliseconds: number): string[] => {
    const seen: string[] = [];
    for (let passed = 0; passed < milliseconds; passed += TIMING.tick) {
      clock.advance(TIMING.tick);
      seen.push(...story(apply({ kind: 'tick' })));
    }
    return seen;
  };
  const states = (): string[] => catalogue.list().map(({ id, state }) => `${id} ${State[state]}`);

  it('lists an instance as long as it beats', () => {
    expect(story(announce(1, 'a'))).toEqual(['1 joined a']);
    for (let i = 0; i < 10; i++) {
      expect(pass(TIMING.heartbeat)).toEqual([]);
      beat(1);
    }
    expect(states()).toEqual(['a SERVING']);
  });

  it('lets an instance go whose lease has passed in silence', () => {
    announce(1, 'a');
    expect(pass(TIMING.lease - TIMING.tick)).toEqual([]);
    const result = (clock.advance(TIMING.tick), apply({ kind: 'tick' }));
    expect(story(result)).toEqual(['2 left a lease expired']);
    expect(result.released).toEqual([{ session: 1, reason: 'lease expired' }]);
  });

  it('does not revive what has left by a late beat', () => {
    announce(1, 'a');
    apply({ kind: 'leave', session: 1 });
    expect(story(beat(1, State.SERVING))).toEqual([]);
    expect(states()).toEqual([]);
  });

  it('suspects an instance whose stream broke and lets it go after the grace', () => {
    announce(1, 'a');
    expect(story(apply({ kind: 'break', session: 1 }))).toEqual(['2 changed a']);
    expect(states()).toEqual(['a SUSPECT']);
    expect(pass(TIMING.grace)).toEqual(['3 left a session lost']);
  });

  it('forgets the suspicion when the instance comes back in time', () => {
    announce(1, 'a');
    apply({ kind: 'break', session: 1 });
    pass(TIMING.grace - TIMING.tick);
    expect(story(announce(2, 'a'))).toEqual(['3 changed a']);
    expect(pass(TIMING.grace * 2)).toEqual([]);
    expect(states()).toEqual(['a SERVING']);
  });

  it('gives the entry to the newer session: the end of the older one says nothing any more', () => {
    announce(1, 'a');
    const { released } = announce(2, 'a');
    expect(released).toEqual([{ session: 1, reason: 'superseded' }]);
    apply({ kind: 'break', session: 1 });
    apply({ kind: 'leave', session: 1 });
    expect(states()).toEqual(['a SERVING']);
  });

  it('shows what an instance says of itself, and does not suspect one that drains', () => {
    announce(1, 'a');
    expect(story(beat(1, State.DRAINING))).toEqual(['2 changed a']);
    expect(story(apply({ kind: 'break', session: 1 }))).toEqual([]);
    expect(states()).toEqual(['a DRAINING']);
    expect(pass(TIMING.grace)).toEqual(['3 left a session lost']);
  });

  it('says nothing when an announcement changes nothing', () => {
    announce(1, 'a');
    expect(story(announce(1, 'a'))).toEqual([]);
    expect(story(announce(1, 'a', { version: '2' }))).toEqual(['2 changed a']);
  });

  it('does not blame instances for the time in which the registry itself was stopped', () => {
    announce(1, 'a');
    announce(2, 'b');
    pass(1_000);
    clock.advance(60_000); // SIGSTOP, or a suspended laptop
    expect(story(apply({ kind: 'tick' }))).toEqual([]);
    beat(1);
    expect(pass(TIMING.lease - 1_000)).toEqual([expect.stringContaining('left b lease expired')]);
  });

  it('gives those who gave up on a stopped registry the time of a lease to come back', () => {
    announce(1, 'a');
    pass(1_000);
    clock.advance(60_000);
    apply({ kind: 'tick' });
    apply({ kind: 'break', session: 1 });
    expect(pass(TIMING.grace * 4)).toEqual([]);
    announce(2, 'a');
    expect(states()).toEqual(['a SERVING']);
  });

  it('keeps a contract while a listed instance has it', () => {
    const bytes = new Uint8Array([1]);
    announce(1, 'a', { contractHash: 'h1' }, bytes);
    announce(2, 'b', { contractHash: 'h1' }, bytes);
    announce(1, 'a', { contractHash: 'h2' }, new Uint8Array([2]));
    expect(catalogue.contract('h1')).toBe(bytes);
    apply({ kind: 'leave', session: 2 });
    expect(catalogue.contract('h1')).toBeUndefined();
    expect(catalogue.contract('h2')).toEqual(new Uint8Array([2]));
  });

  it('shows an instance whose contract waits as PENDING, until an operator approves the contract', () => {
    const pending = ['it takes a method away'];
    const bytes = new Uint8Array([1]);
    apply({ kind: 'announce', session: 1, instance: instance('a', { contractHash: 'h1' }), contract: bytes, pending });
    expect([states(), catalogue.pending('a')]).toEqual([['a PENDING'], pending]);
    apply({ kind: 'break', session: 1 });
    expect(states()).toEqual(['a PENDING']); // a suspect might get calls
    announce(2, 'a', { contractHash: 'h1' }, bytes);
    apply({ kind: 'announce', session: 2, instance: instance('a', { contractHash: 'h1' }), pending });
    expect(story(apply({ kind: 'approve', hash: 'h1' }))).toEqual([expect.stringContaining('changed a')]);
    expect([states(), catalogue.pending('a'), catalogue.approved('h1')]).toEqual([['a SERVING'], [], true]);
    apply({ kind: 'announce', session: 3, instance: instance('b', { contractHash: 'h1' }), pending });
    expect(states()).toEqual(['a SERVING', 'b SERVING']); // who comes later does not wait either
  });

  it("lets the operator's word count more than the instance's, over its sessions too", () => {
    announce(1, 'a');
    expect(story(apply({ kind: 'drain', id: 'a', on: true }))).toEqual(['2 changed a']);
    beat(1, State.SERVING);
    announce(2, 'a', { version: '2' });
    expect(states()).toEqual(['a DRAINING']);
    beat(2, State.NOT_SERVING);
    apply({ kind: 'drain', id: 'a', on: false });
    expect(states()).toEqual(['a NOT_SERVING']);
    expect(story(apply({ kind: 'drain', id: 'nobody', on: true }))).toEqual([]);
  });

  it('shows an instance that its probes find ill as NOT_SERVING, whatever it says', () => {
    const probe = { path: '/health' };
    announce(1, 'a', { probe });
    expect(story(apply({ kind: 'probe', id: 'a', healthy: false }))).toEqual(['2 changed a']);
    beat(1, State.SERVING);
    announce(1, 'a', { probe });
    expect(states()).toEqual(['a NOT_SERVING']);
    apply({ kind: 'probe', id: 'a', healthy: true });
    expect(states()).toEqual(['a SERVING']);
  });

  it('forgets what the probes found out when they would ask something else', () => {
    announce(1, 'a', { probe: { path: '/health' } });
    apply({ kind: 'probe', id: 'a', healthy: false });
    announce(1, 'a', { probe: { path: '/livez' } });
    expect(states()).toEqual(['a SERVING']);
  });

  it('has one entry for an address: an instance that is started again replaces the one before', () => {
    announce(1, 'a', { address: '10.0.0.1:80' });
    const { changes, released } = announce(2, 'b', { address: '10.0.0.1:80' });
    expect(story({ changes, released, notices: [] })).toEqual(['2 left a replaced', '3 joined b']);
    expect(released).toEqual([{ session: 1, reason: 'replaced' }]);
    announce(3, 'c');
    announce(3, 'c', { address: '10.0.0.1:80' });
    expect(states()).toEqual(['c SERVING']);
  });

  it('lets another service have the same address', () => {
    announce(1, 'a', { address: '10.0.0.1:80' });
    announce(2, 'b', { address: '10.0.0.1:80', service: 'user' });
    expect(states()).toEqual(['a SERVING', 'b SERVING']);
  });

  it('gives an instance without a stream the lease that it asked for', () => {
    apply({ kind: 'announce', session: 1, instance: instance('a'), lease: 20_000 });
    expect(pass(19_900)).toEqual([]);
    expect(pass(100)).toEqual(['2 left a lease expired']);
  });

  it('lists what it is told of its life before, and lets it go when nobody has come back within two leases', () => {
    announce(1, 'a', { contractHash: 'h1' }, new Uint8Array([1]));
    announce(2, 'b');
    announce(3, 'own');
    apply({ kind: 'drain', id: 'b', on: true });
    apply({ kind: 'approve', hash: 'h2' });
    const { entries, approved } = catalogue.kept(3);
    catalogue = new Catalogue('e2', TIMING, approved);
    for (const [n, kept] of entries.entries()) apply({ kind: 'restore', session: 10 + n, kept });
    expect([states(), catalogue.approved('h2')]).toEqual([['a SERVING', 'b DRAINING'], true]);
    expect(catalogue.contract('h1')).toEqual(new Uint8Array([1]));
    pass(1_000);
    announce(20, 'b');
    expect(states()).toEqual(['a SERVING', 'b DRAINING']);
    expect(pass(TIMING.lease - TIMING.tick)).toEqual([]);
    beat(20);
    expect(pass(TIMING.lease - 1_000 + TIMING.tick)).toEqual([expect.stringContaining('left a lease expired')]);
    expect(catalogue.contract('h1')).toBeUndefined();
  });

  it('does not let the life before undo what has come already', () => {
    announce(1, 'a', { version: '2' });
    const kept = { instance: instance('a'), lease: TIMING.lease, pending: [], drained: false };
    expect(story(apply({ kind: 'restore', session: 9, kept }))).toEqual([]);
    expect(catalogue.find('a')?.version).toBe('2');
  });

  it('stops evicting when too many of a service fall silent together, and says so', () => {
    for (let n = 1; n <= 20; n += 1) announce(n, `i${n}`);
    const alive = [1, 2, 3];
    const notices = [];
    for (let passed = 0; passed < TIMING.lease; passed += TIMING.tick) {
      clock.advance(TIMING.tick);
      for (const session of alive) beat(session);
      notices.push(...apply({ kind: 'tick' }).notices);
    }
    expect(notices).toEqual([{ service: 'blog', preserved: true, held: 17 }]);
    expect([catalogue.size, catalogue.preserved('blog')]).toEqual([20, true]);
    for (let n = 4; n <= 20; n += 1) notices.push(...beat(n).notices);
    expect(notices[1]).toEqual({ service: 'blog', preserved: false, held: 0 });
  });

  it('does not count streams that closed: a whole service may leave that way', () => {
    for (let n = 1; n <= 20; n += 1) announce(n, `i${n}`);
    for (let n = 1; n <= 20; n += 1) apply({ kind: 'break', session: n });
    expect(pass(TIMING.grace)).toHaveLength(20);
    expect(catalogue.preserved('blog')).toBe(false);
  });

  it('remembers the services that it has seen', () => {
    announce(1, 'a');
    apply({ kind: 'leave', session: 1 });
    expect(catalogue.services()).toEqual(['blog']);
    expect(catalogue.list('blog')).toEqual([]);
  });
});
