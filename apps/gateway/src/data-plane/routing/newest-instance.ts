import type { Instance } from '@trellis/discovery';

const collator = new Intl.Collator('en', { numeric: true });

/** The instance with the newest version; of equal ones the one that started last. Undefined for an empty list. */
export function newestInstance(instances: readonly Instance[]): Instance | undefined {
  return instances.toSorted(
    (a, b) =>
      compareVersions(b.version, a.version) || collator.compare(startOf(b), startOf(a)) || (a.id < b.id ? -1 : 1),
  )[0];
}

const startOf = ({ metadata }: Instance): string => metadata['start_time'] ?? '';

/** Orders versions as SemVer does: by their numbers, and a pre-release before its release. Takes any text. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  return (
    collator.compare(left.core, right.core) ||
    Number(left.preRelease === '') - Number(right.preRelease === '') ||
    collator.compare(left.preRelease, right.preRelease)
  );
}

function split(version: string): { core: string; preRelease: string } {
  const [plain = ''] = version.split('+');
  const dash = plain.indexOf('-');
  return dash < 0 ? { core: plain, preRelease: '' } : { core: plain.slice(0, dash), preRelease: plain.slice(dash + 1) };
}
