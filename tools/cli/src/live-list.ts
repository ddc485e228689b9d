import { type Instance, State, type WatchResponse } from '@trellis/contracts/registry/v1';

/** One line of the story. */
export interface Happening {
  /** "listed": it was there when we came. "missing": a registry that has begun anew has not heard of it yet. */
  readonly what: 'listed' | 'joined' | 'changed' | 'left' | 'missing';
  readonly instance: Instance;
  /** Why, or what is different; may be empty. */
  readonly why: string;
}

/** The registry's list as its events tell it, and what each of them changed. */
export class LiveList {
  readonly #instances = new Map<string, Instance>();
  #epoch: string | undefined;

  take({ epoch, message }: WatchResponse): Happening[] {
    switch (message.case) {
      case 'snapshot':
        return this.#takeSnapshot(epoch, message.value.instances);
      case 'changes':
        return message.value.changes.flatMap((change) => this.take(change));
      case 'joined':
      case 'changed':
        return this.#put(message.case, message.value);
      case 'left':
        return this.#remove('left', message.value.id, message.value.reason);
      default:
        return []; // resumed: nothing was missed
    }
  }

  /** Ordered by service and id. */
  instances(): Instance[] {
    const key = ({ service, id }: Instance): string => `${service} ${id}`;
    return [...this.#instances.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  #takeSnapshot(epoch: string, listed: readonly Instance[]): Happening[] {
    const same = epoch === this.#epoch;
    this.#epoch = epoch;
    const ids = new Set(listed.map(({ id }) => id));
    const gone = [...this.#instances.keys()].filter((id) => !ids.has(id));
    return [
      ...gone.flatMap((id) =>
        same
          ? this.#remove('left', id, 'while nobody was told')
          : this.#remove('missing', id, 'the registry has begun anew and has not heard of it'),
      ),
      ...listed.flatMap((instance) => this.#put('listed', instance)),
    ];
  }

  #put(what: 'listed' | 'joined' | 'changed', instance: Instance): Happening[] {
    const before = this.#instances.get(instance.id);
    this.#instances.set(instance.id, instance);
    if (!before) return [{ what, instance, why: '' }];
    const why = difference(before, instance);
    return why === '' ? [] : [{ what: 'changed', instance, why }];
  }

  #remove(what: 'left' | 'missing', id: string, why: string): Happening[] {
    const instance = this.#instances.get(id);
    this.#instances.delete(id);
    return instance ? [{ what, instance, why }] : [];
  }
}

/** "SERVING → DRAINING, version 1.0.0 → 1.1.0" */
function difference(before: Instance, after: Instance): string {
  const facts = FACTS.map(([name, read]) => [name, read(before), read(after)] as const);
  const keys = new Set([...Object.keys(before.metadata), ...Object.keys(after.metadata)]);
  WITH_THE_PID.forEach((key) => keys.delete(key));
  const metadata = [...keys].map(
    (key) => [`${key} `, before.metadata[key] ?? 'none', after.metadata[key] ?? 'none'] as const,
  );
  return [...facts, ...metadata]
    .flatMap(([name, old, now]) => (old === now ? [] : [`${name}${old} → ${now}`]))
    .join(', ');
}

const FACTS: readonly (readonly [name: string, read: (instance: Instance) => string])[] = [
  ['', ({ state }) => stateName(state)],
  ['version ', ({ version }) => version],
  ['address ', ({ address }) => address],
  ['zone ', ({ zone }) => zone || 'none'],
  ['weight ', ({ weight }) => String(weight || 100)],
  ['tags ', ({ tags }) => tags.join(' ') || 'none'],
  ['contract ', ({ contractHash }) => contractHash.slice(0, 12) || 'none'],
];

/** Keys of the metadata that a process brings along, and that say no more than its pid does. */
const WITH_THE_PID: ReadonlySet<string> = new Set(['start_time']);

/** "SERVING"; a number for a state of a newer registry. */
export const stateName = (state: State): string => State[state] ?? String(state);
