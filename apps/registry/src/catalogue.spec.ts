import { create } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { InstanceSchema, State } from '@trellis/contracts/registry/v1';
import { ManualClock } from '@trellis/testing';
import { Catalogue } from './catalogue.js';
import type { Command, Result } from './command.js';

const TIMING = { heartbeat: 2_000, grace: 500, lease: 6_000, tick: 100 };
const instance = (id: string, more: { state?: State; contractHash?: string; version?: string } = {}) =>
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

  it('remembers the services that it has seen', () => {
    announce(1, 'a');
    apply({ kind: 'leave', session: 1 });
    expect(catalogue.services()).toEqual(['blog']);
    expect(catalogue.list('blog')).toEqual([]);
  });
});
