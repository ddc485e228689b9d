import type { DescEnum, DescMessage, DescMethod } from '@bufbuild/protobuf';
import { methodPolicy } from '@trellis/contracts';
import { type Contract, type ContractRoute, methodName, routeName } from './contract.js';
import type { Encoding } from './field-changes.js';
import { shorten } from './limits.js';
import { enumChanges, messageChanges } from './type-changes.js';
import { weakened } from './weaker-policy.js';

/** Nobody reads more, and the answer stays small whatever the contract is. */
const LISTED = 20;

/**
 * Why callers of the live contract cannot rely on the next one, a sentence each: what they send or read would be
 * misunderstood, something that they call would be gone, or a method would let in those whom it keeps out today. The rules
 * are those of buf's category WIRE, and of WIRE_JSON for messages that travel over REST; docs/decisions/contract-admission.md
 * has the list. Pure, and the same for the same two contracts.
 */
export function concerns(live: Contract, next: Contract): string[] {
  const found = [...methodConcerns(live, next), ...routeConcerns(live, next), ...typeConcerns(live, next)];
  const more = found.length - LISTED;
  const listed = found.slice(0, LISTED).map((sentence) => shorten(sentence, 300));
  return more > 0 ? [...listed, `There are ${more} more such changes.`] : listed;
}

function methodConcerns(live: Contract, next: Contract): string[] {
  return [...live.methods].flatMap(([name, before]) => {
    const after = next.methods.get(name);
    const changes = after ? methodChanges(before, after) : ['would be gone'];
    return changes.map((change) => `The method ${name} ${change}.`);
  });
}

function methodChanges(live: DescMethod, next: DescMethod): string[] {
  const once = methodPolicy(live).repeatable && !methodPolicy(next).repeatable;
  return [
    ...weakened(live, next),
    ...(live.methodKind === next.methodKind ? [] : [`would be ${kind(next)} instead of ${kind(live)}`]),
    ...(live.input.typeName === next.input.typeName ? [] : [`would take ${next.input.typeName}`]),
    ...(live.output.typeName === next.output.typeName ? [] : [`would answer ${next.output.typeName}`]),
    ...(once ? ['must not be called twice any more, but callers of today repeat it'] : []),
  ];
}

const kind = ({ methodKind }: DescMethod): string => methodKind.replace('_', ' ');

/** A method that is gone has been told already. */
function routeConcerns(live: Contract, next: Contract): string[] {
  const routes = new Map(next.routes.map((route) => [key(route), route]));
  return live.routes.flatMap((route) => {
    if (!next.methods.has(methodName(route.method))) return [];
    const after = routes.get(key(route));
    if (!after) return [`The route ${routeName(route)} would be gone.`];
    if (methodName(after.method) !== methodName(route.method)) {
      return [`The route ${routeName(route)} would call ${methodName(after.method)}.`];
    }
    return after.body === route.body && after.responseBody === route.responseBody
      ? []
      : [`The route ${routeName(route)} would have another body.`];
  });
}

/** Of variables, clients see the place and not the name. */
const key = ({ httpMethod, template }: ContractRoute): string => {
  const steps = template.segments.map((segment) =>
    segment.kind === 'literal' ? segment.text : { one: '*', rest: '**' }[segment.kind],
  );
  return `${httpMethod} /${steps.join('/')}:${template.verb}`;
};

interface Pair {
  readonly before: DescMessage;
  readonly after: DescMessage;
}

/** First the methods with a REST form, whose types are compared more strictly; each type once. */
function typeConcerns(live: Contract, next: Contract): string[] {
  const routed = new Set(live.routes.map(({ method }) => method));
  const seen = new Set<string>();
  return (['json', 'binary'] as const).flatMap((encoding) => {
    const roots = [...live.methods].flatMap(([name, before]): Pair[] => {
      const after = next.methods.get(name);
      if (!after || routed.has(before) !== (encoding === 'json')) return [];
      return [
        { before: before.input, after: after.input },
        { before: before.output, after: after.output },
      ];
    });
    return reachable(roots, encoding, seen);
  });
}

/** The changes of all that the messages hold. One list and no recursion: a stranger decides how deep types are nested. */
function reachable(roots: readonly Pair[], encoding: Encoding, seen: Set<string>): string[] {
  const found: string[] = [];
  const waiting = [...roots];
  const isNew = (before: DescMessage | DescEnum, after: DescMessage | DescEnum): boolean => {
    if (before.typeName !== after.typeName || seen.has(before.typeName)) return false; // another type is told of elsewhere
    seen.add(before.typeName);
    return true;
  };
  for (let pair = waiting.shift(); pair; pair = waiting.shift()) {
    const { before, after } = pair;
    if (!isNew(before, after)) continue;
    found.push(...messageChanges(before, after, encoding));
    const fields = new Map(after.fields.map((field) => [field.number, field]));
    for (const field of before.fields) {
      const other = fields.get(field.number);
      if (field.message && other?.message) waiting.push({ before: field.message, after: other.message });
      if (field.enum && other?.enum && isNew(field.enum, other.enum)) {
        found.push(...enumChanges(field.enum, other.enum, encoding));
      }
    }
  }
  return found;
}
