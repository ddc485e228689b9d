import type { Binding } from '@trellis/transcoding';

/** One variable part of a path as OpenAPI has them: within one segment, with a name. */
export interface PathSlot {
  readonly name: string;
  /** The variable of the template that it is all of or a part of; undefined for a `*` that no field takes. */
  readonly variable: Binding['pathParameters'][number] | undefined;
  readonly kind: 'whole' | 'part' | 'rest';
}

/** A template in the terms of OpenAPI. `{name=shelves/*}` becomes `shelves/{shelvesId}`: OpenAPI's variables hold no slash. */
export interface OpenApiPath {
  /** Fixed text, or the place of a slot. */
  readonly parts: readonly (string | PathSlot)[];
  readonly verb: string;
}

export function openApiPath({ template, pathParameters }: Pick<Binding, 'template' | 'pathParameters'>): OpenApiPath {
  const taken = new Set<string>();
  const unique = (name: string): string => {
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name}${number}`;
    taken.add(free);
    return free;
  };
  const parts = template.segments.map((segment, index): string | PathSlot => {
    if (segment.kind === 'literal') return segment.text;
    const variable = pathParameters.find(({ from, to }) => index >= from && (to === undefined || index < to));
    const isAlone = variable?.from === index && (variable.to ?? template.segments.length) === index + 1;
    const before = template.segments[index - 1];
    // As Google's discovery documents name the parts of a flat path: `projects/*` → `projects/{projectsId}`.
    const name = isAlone ? variable.field : before?.kind === 'literal' ? `${camel(before.text)}Id` : 'segment';
    const kind = segment.kind === 'rest' ? 'rest' : isAlone ? 'whole' : 'part';
    return { name: unique(segment.kind === 'rest' && !isAlone ? 'rest' : name), variable, kind };
  });
  return { parts, verb: template.verb };
}

/** The path as a key of `paths`, with the slots named by `nameOf`. */
export function pathText({ parts, verb }: OpenApiPath, nameOf: (slot: PathSlot, index: number) => string): string {
  let slots = 0;
  const texts = parts.map((part) => (typeof part === 'string' ? part : `{${nameOf(part, slots++)}}`));
  return `/${texts.join('/')}${verb && `:${verb}`}`;
}

/** The same for paths that OpenAPI takes for identical: those that differ in the names of their slots only. */
export const pathShape = (path: OpenApiPath): string => pathText(path, () => '');

export const slotsOf = ({ parts }: OpenApiPath): PathSlot[] => parts.filter((part) => typeof part !== 'string');

const camel = (text: string): string =>
  text
    .replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => (next ?? '').toUpperCase())
    .replace(/^[A-Z]/, (first) => first.toLowerCase());
