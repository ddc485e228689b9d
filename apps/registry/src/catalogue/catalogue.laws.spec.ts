import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { type Instance, InstanceSchema, State } from '@trellis/contracts/registry/v1';
import fc from 'fast-check';
import { Catalogue } from './catalogue.js';
import type { Change, Command } from './command.js';

const TIMING = { heartbeat: 2_000, grace: 500, lease: 6_000, tick: 100 };
/** Sessions and instances from small sets, so that they meet. */
const session = fc.integer({ min: 1, max: 5 });
const id = fc.constantFrom('a', 'b', 'c');
const hash = fc.constantFrom('', 'h1', 'h2');
const state = fc.constantFrom(State.SERVING, State.NOT_SERVING, State.DRAINING);

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ session, id, hash, state }).map((made) => ({
    kind: 'announce' as const,
    session: made.session,
    instance: create(InstanceSchema, { id: made.id, service: 'blog', state: made.state, contractHash: made.hash }),
    ...(made.hash !== '' && { contract: new TextEncoder().encode(made.hash) }),
  })),
  fc.record({ kind: fc.constant('beat' as const), session, state }),
  fc.record({ kind: fc.constant('drain' as const), id, on: fc.boolean() }),
  fc.record({ kind: fc.constant('probe' as const), id, healthy: fc.boolean() }),
  fc.record({ kind: fc.constant('approve' as const), hash }),
  fc.record({ kind: fc.constantFrom('leave' as const, 'break' as const), session }),
  fc.constant({ kind: 'tick' as const }),
);
/** Up to a second passes between two commands. */
const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 1_000 }), command), { maxLength: 60 });

type Step = { readonly command: Command; readonly changes: readonly Change[]; readonly now: number };

/** One session announces one instance; the shell keeps to that, so a history here does too. */
function lawful(steps: readonly (readonly [number, Command])[]): (readonly [number, Command])[] {
  const instanceOf = new Map<number, string>();
  return steps.filter(([, each]) => {
    if (each.kind !== 'announce') return true;
    const known = instanceOf.get(each.session) ?? each.instance.id;
    instanceOf.set(each.session, known);
    return known === each.instance.id;
  });
}

function run(
  steps: readonly (readonly [number, Command])[],
  look: (catalogue: Catalogue, step: Step) => void,
): Change[] {
  const catalogue = new Catalogue('e1', TIMING);
  const all: Change[] = [];
  let now = 0;
  for (const [passed, each] of lawful(steps)) {
    now += passed;
    const { changes } = catalogue.apply(each, now);
    all.push(...changes);
    look(catalogue, { command: each, changes, now });
  }
  return all;
}

describe('Every catalogue', () => {
  it('numbers its changes without a gap, and they replay to its list', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const replayed = new Map<string, Instance>();
        let revision = 0n;
        run(steps, (catalogue, { changes }) => {
          for (const change of changes) {
            expect(change.revision).toBe(++revision);
            if (change.kind === 'left') expect(replayed.delete(change.instance.id)).toBe(true);
            else if (change.kind === 'joined') expect(replayed.has(change.instance.id)).toBe(false);
            if (change.kind !== 'left') replayed.set(change.instance.id, change.instance);
          }
          expect(catalogue.revision).toBe(revision);
          expect(catalogue.list()).toEqual([...replayed.values()].sort((a, b) => (a.id < b.id ? -1 : 1)));
        });
      }),
    );
  });

  it('never resurrects: only an announcement makes an instance join', () => {
    fc.assert(
      fc.property(history, (steps) => {
        run(steps, (_catalogue, { command: each, changes }) => {
          for (const change of changes) if (change.kind === 'joined') expect(each.kind).toBe('announce');
        });
      }),
    );
  });

  it('has after a tick only instances that were heard of within the lease, as far as it was awake', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
        const heard = new Map<number, number>();
        const holder = new Map<string, number>();
        // A tick after every command keeps the registry awake.
        const steps = commands.flatMap((each) => [[100, each] as const, [0, { kind: 'tick' } as const] as const]);
        run(steps, (catalogue, { command: each, now }) => {
          if (each.kind === 'announce') holder.set(each.instance.id, each.session);
          if (each.kind === 'announce' || each.kind === 'beat') heard.set(each.session, now);
          if (each.kind !== 'tick') return;
          for (const { id: listed } of catalogue.list()) {
            expect(now - (heard.get(holder.get(listed) ?? 0) ?? -Infinity)).toBeLessThan(TIMING.lease);
          }
        });
      }),
    );
  });

  it('has exactly the contracts of its instances', () => {
    fc.assert(
      fc.property(history, (steps) => {
        run(steps, (catalogue) => {
          const needed = new Set(catalogue.list().map(({ contractHash }) => contractHash));
          for (const each of ['h1', 'h2']) expect(catalogue.contract(each) !== undefined).toBe(needed.has(each));
        });
      }),
    );
  });

  it('does the same for the same commands at the same times', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const ignore = (): void => undefined;
        expect(run(steps, ignore)).toEqual(run(steps, ignore));
      }),
    );
  });
});
