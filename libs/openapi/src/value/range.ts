import type { FieldRules } from '@trellis/contracts/buf/validate';

type Comparable = number | bigint;

/** The rules that numbers and times share, over numbers, or over big integers. */
export interface Range<T extends Comparable> {
  readonly lt?: T;
  readonly lte?: T;
  readonly gt?: T;
  readonly gte?: T;
  readonly const?: T;
  readonly in: readonly T[];
  readonly notIn: readonly T[];
  /** Values that the author of the contract offers. */
  readonly examples: readonly T[];
}

type Rules = NonNullable<FieldRules['type']['value']>;
/** What the rules of every kind of number and time look like, with `V` for the values. */
interface RangeRules<V> {
  readonly lessThan?: { readonly case?: string | undefined; readonly value?: V | boolean };
  readonly greaterThan?: { readonly case?: string | undefined; readonly value?: V | boolean };
  readonly const?: V;
  readonly in?: readonly V[];
  readonly notIn?: readonly V[];
  readonly example?: readonly V[];
}

/** Reads them. `read` makes of a rule's value what is compared. Bounds that depend on the present (`lt_now`) are left out. */
export function rangeOf<V, T extends Comparable>(rules: Rules | undefined, read: (value: V) => T): Range<T> {
  const given = (rules ?? {}) as RangeRules<V>;
  const bound = (side: RangeRules<V>['lessThan'], name: string): Record<string, T> =>
    side?.case === name ? { [name]: read(side.value as V) } : {};
  return {
    ...bound(given.lessThan, 'lt'),
    ...bound(given.lessThan, 'lte'),
    ...bound(given.greaterThan, 'gt'),
    ...bound(given.greaterThan, 'gte'),
    // An optional field of proto2 is an own property only when it is set.
    ...(Object.hasOwn(given, 'const') && { const: read(given.const as V) }),
    in: (given.in ?? []).map(read),
    notIn: (given.notIn ?? []).map(read),
    examples: (given.example ?? []).map(read),
  };
}

/** Whether the bounds name what is forbidden between them: the upper one is below the lower (`lt: 5, gt: 10`). */
export function isOutside<T extends Comparable>({ lt, lte, gt, gte }: Range<T>): boolean {
  const [upper, lower] = [lt ?? lte, gt ?? gte];
  return upper !== undefined && lower !== undefined && upper < lower;
}

export function fits<T extends Comparable>(range: Range<T>, value: T): boolean {
  const { lt, lte, gt, gte } = range;
  const below = (lt === undefined || value < lt) && (lte === undefined || value <= lte);
  const above = (gt === undefined || value > gt) && (gte === undefined || value >= gte);
  return (
    (isOutside(range) ? below || above : below && above) &&
    (range.const === undefined || value === range.const) &&
    (range.in.length === 0 || range.in.includes(value)) &&
    !range.notIn.includes(value)
  );
}

/** The bounds and what is left out as a sentence; undefined when there are none. */
export function describeRange<T extends Comparable>(range: Range<T>, show: (value: T) => string): string | undefined {
  const { lt, lte, gt, gte } = range;
  const bounds = [
    gt !== undefined && `more than ${show(gt)}`,
    gte !== undefined && `at least ${show(gte)}`,
    lt !== undefined && `less than ${show(lt)}`,
    lte !== undefined && `at most ${show(lte)}`,
  ].filter((each) => each !== false);
  const not = range.notIn.length > 0 ? [`not ${range.notIn.map(show).join(', ')}`] : [];
  const text = [...(bounds.length > 0 ? [bounds.join(isOutside(range) ? ' or ' : ', ')] : []), ...not].join('; ');
  return text === '' ? undefined : `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

/** Values at which to look for one that fits: the author's, then ordinary ones, then those beside the bounds. */
export function candidates<T extends Comparable>(
  range: Range<T>,
  ordinary: readonly T[],
  step: (value: T, by: 1 | -1) => T,
): T[] {
  const bounds = [range.gte, range.gt, range.lte, range.lt].filter((bound) => bound !== undefined);
  return [
    ...range.examples,
    ...(range.const === undefined ? [] : [range.const]),
    ...range.in,
    ...ordinary,
    ...bounds.flatMap((bound) => [bound, step(bound, 1), step(bound, -1)]),
  ];
}
