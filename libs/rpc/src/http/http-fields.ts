/** Header or trailer fields as undici gives them: by name in lower case, those of one name in their order. */
export type HttpFields = Readonly<Record<string, string | string[] | undefined>>;

const NONE: readonly string[] = [];

/** `[name, value, name, value, …]`, and always the same list when there are none. */
export function flat(fields: HttpFields): readonly string[] {
  const list: string[] = [];
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === 'string') list.push(name, value);
    else if (value) for (const each of value) list.push(name, each);
  }
  return list.length === 0 ? NONE : list;
}
