import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { InstanceSchema, State, type WatchResponse, WatchResponseSchema } from '@trellis/contracts/registry/v1';
import fc from 'fast-check';
import { KnownInstances, UNCONFIRMED_MS } from './known-instances.js';

const blog = (id: string, more: { state?: State; address?: string; service?: string } = {}) =>
  create(InstanceSchema, { id, service: 'blog', address: `${id}:1`, state: State.SERVING, ...more });
type Message = NonNullable<Parameters<typeof create<typeof WatchResponseSchema>>[1]>['message'];
const say = (epoch: string, message: Message, revision = 0n): WatchResponse =>
  create(WatchResponseSchema, { epoch, revision, message });
const snapshot = (epoch: string, ...instances: ReturnType<typeof blog>[]) =>
  say(epoch, { case: 'snapshot', value: { instances } });
const left = (epoch: string, id: string) => say(epoch, { case: 'left', value: { id, service: 'blog' } });
const callable = (known: KnownInstances) => known.callable('blog').map(({ id }) => id);

function following(...messages: WatchResponse[]): KnownInstances {
  const known = new KnownInstances();
  for (const message of messages) known.apply(message, 0);
  return known;
}

describe('KnownInstances', () => {
  it('follows joins, changes and leaves, ordered by id', () => {
    const known = following(snapshot('e1', blog('b')), say('e1', { case: 'joined', value: blog('a') }));
    expect(callable(known)).toEqual(['a', 'b']);
    known.apply(say('e1', { case: 'changed', value: blog('a', { state: State.DRAINING }) }), 0);
    expect(callable(known)).toEqual(['b']);
    expect(known.all().map(({ state }) => state)).toEqual(['DRAINING', 'SERVING']);
    expect([...known.apply(left('e1', 'b'), 0)]).toEqual(['blog']);
    expect(callable(known)).toEqual([]);
  });

  it('offers suspects only when nobody serves', () => {
    const known = following(snapshot('e1', blog('a'), blog('b', { state: State.SUSPECT })));
    expect(callable(known)).toEqual(['a']);
    known.apply(left('e1', 'a'), 0);
    expect(callable(known)).toEqual(['b']);
  });

  it('hands out the same array until something of the service changes', () => {
    const known = following(snapshot('e1', blog('a')));
    const before = known.callable('blog');
    expect([...known.apply(snapshot('e1', blog('a'), blog('u', { service: 'user' })), 0)]).toEqual(['user']);
    expect(known.callable('blog')).toBe(before);
    known.apply(say('e1', { case: 'joined', value: blog('b') }), 0);
    expect(known.callable('blog')).not.toBe(before);
  });

  it('takes out what a snapshot of the same epoch no longer has: it left while we were away', () => {
    expect(callable(following(snapshot('e1', blog('a'), blog('b')), snapshot('e1', blog('b'))))).toEqual(['b']);
  });

  it('keeps what an empty snapshot of another epoch does not have', () => {
    const known = following(snapshot('e1', blog('a'), blog('b')), snapshot('e2'));
    expect(callable(known)).toEqual(['a', 'b']);
    known.apply(snapshot('e2'), 0); // and again, when the watch breaks once more
    known.prune(1e9);
    expect(callable(known)).toEqual(['a', 'b']);
  });

  it('lets go of the unconfirmed one half a minute later, when another one is confirmed', () => {
    const known = following(snapshot('e1', blog('a'), blog('b')), snapshot('e2', blog('b')));
    expect([...known.prune(UNCONFIRMED_MS - 1)]).toEqual([]);
    expect(callable(known)).toEqual(['a', 'b']);
    expect([...known.prune(UNCONFIRMED_MS)]).toEqual(['blog']);
    expect(callable(known)).toEqual(['b']);
  });

  it('lets go of the unconfirmed one whose address another instance has taken', () => {
    const known = following(snapshot('e1', blog('old', { address: 'h:1' })), snapshot('e2'));
    known.apply(say('e2', { case: 'joined', value: blog('new', { address: 'h:1' }) }), 0);
    expect(callable(known)).toEqual(['new']);
  });

  it('takes several changes in one message as it takes them one by one', () => {
    const changes = [
      say('e1', { case: 'joined', value: blog('b') }, 2n),
      say('e1', { case: 'left', value: { id: 'a', service: 'blog' } }, 3n),
    ];
    const known = following(snapshot('e1', blog('a')));
    expect([...known.apply(say('e1', { case: 'changes', value: { changes } }, 3n), 0)]).toEqual(['blog']);
    expect(callable(known)).toEqual(['b']);
    expect(known.position).toEqual({ epoch: 'e1', revision: 3n });
  });

  it('knows where it was, and goes on there as if nothing had been', () => {
    const known = new KnownInstances();
    expect(known.position).toBeUndefined();
    known.apply(say('e1', { case: 'snapshot', value: { instances: [blog('a')] } }, 7n), 0);
    known.apply(say('e1', { case: 'joined', value: blog('b') }, 8n), 0);
    known.apply(say('e0', { case: 'joined', value: blog('c') }, 99n), 0); // of an epoch that is not followed
    expect(known.position).toEqual({ epoch: 'e1', revision: 8n });
    const before = known.callable('blog');
    expect([...known.apply(say('e1', { case: 'resumed', value: {} }, 8n), 0)]).toEqual([]);
    expect(known.callable('blog')).toBe(before);
    known.apply(say('e1', { case: 'left', value: { id: 'a', service: 'blog' } }, 9n), 0);
    expect([callable(known), known.position]).toEqual([['b'], { epoch: 'e1', revision: 9n }]);
  });

  it('offers nobody whose contract waits for an operator', () => {
    expect(callable(following(snapshot('e1', blog('a', { state: State.PENDING }))))).toEqual([]);
  });

  describe('from an earlier process', () => {
    /** What a process that saw these messages leaves for the next one. */
    const successor = (...messages: WatchResponse[]): KnownInstances => {
      const known = new KnownInstances();
      const predecessor = following(...messages);
      known.restore(predecessor.position?.epoch ?? '', predecessor.remember(1_000), 5_000);
      return known;
    };

    it('knows the same instances, unconfirmed, and asks for a snapshot', () => {
      const known = successor(snapshot('e1', blog('a'), blog('b', { state: State.DRAINING })));
      expect([callable(known), known.all().length, known.unconfirmed]).toEqual([['a'], 2, 2]);
      expect(known.position).toBeUndefined();
    });

    it('takes out what left a registry that has not begun anew, and keeps what one that has does not list', () => {
      const known = () => successor(snapshot('e1', blog('a'), blog('b')));
      const same = known();
      same.apply(snapshot('e1', blog('b')), 5_000);
      expect(callable(same)).toEqual(['b']);
      const other = known();
      other.apply(snapshot('e2', blog('b')), 5_000);
      expect([callable(other), other.unconfirmed]).toEqual([['a', 'b'], 1]);
    });

    it('does not take for left what the followed epoch has never listed', () => {
      const known = successor(snapshot('e1', blog('a')), snapshot('e2', blog('b')));
      known.apply(snapshot('e2', blog('b')), 5_000);
      expect(callable(known)).toEqual(['a', 'b']);
    });

    it('remembers since when nobody has confirmed an instance, over several processes', () => {
      const known = successor(snapshot('e1', blog('a'), blog('b')));
      known.apply(snapshot('e2', blog('b')), 6_000);
      const seen = Object.fromEntries(known.remember(9_000).map(({ message, seenAt }) => [message.id, seenAt]));
      expect(seen).toEqual({ a: 1_000, b: 9_000 });
    });
  });

  it('does not believe a leave of an epoch that it does not follow', () => {
    expect(callable(following(snapshot('e1', blog('a')), left('e0', 'a')))).toEqual(['a']);
  });

  it('never loses a callable instance but by a leave or a snapshot of the epoch that it follows', () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd');
    const epochs = fc.constantFrom('e1', 'e2', 'e3');
    const messages = fc.oneof(
      fc.tuple(epochs, fc.uniqueArray(ids)).map(([epoch, list]) => snapshot(epoch, ...list.map((id) => blog(id)))),
      fc.tuple(epochs, ids).map(([epoch, id]) => say(epoch, { case: 'joined', value: blog(id) })),
      fc.tuple(epochs, ids).map(([epoch, id]) => left(epoch, id)),
    );
    fc.assert(
      fc.property(fc.array(messages, { maxLength: 30 }), (history) => {
        const known = new KnownInstances();
        let epoch: string | undefined;
        for (const message of history) {
          const before = callable(known);
          known.apply(message, 0);
          const after = new Set(callable(known));
          const lost = before.filter((id) => !after.has(id));
          if (lost.length > 0) expect(message.epoch).toBe(epoch);
          if (message.message.case === 'snapshot') epoch = message.epoch;
        }
      }),
    );
  });
});
