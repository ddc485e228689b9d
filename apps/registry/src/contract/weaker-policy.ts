import type { DescMethod } from '@bufbuild/protobuf';
import { methodPolicy } from '@trellis/contracts';

/** What the method asks of its callers no more, each worded to follow its name. */
export function weakened(live: DescMethod, next: DescMethod): string[] {
  const [before, after] = [methodPolicy(live), methodPolicy(next)];
  if (before.public) return [];
  if (after.public) return ['would be public'];
  const lost = before.scopes.filter((scope) => !after.scopes.includes(scope));
  const admittedToo = after.callers.filter((caller) => !before.callers.includes(caller));
  return [
    ...lost.map((scope) => `would no longer ask for the scope ${scope}`),
    ...(before.callers.length === 0 || after.callers.length > 0 ? [] : ['would be open to more than its callers']),
    ...(before.callers.length === 0 ? [] : admittedToo.map((caller) => `would let ${caller} call it`)),
  ];
}
