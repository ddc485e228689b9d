/** Header or trailer fields as undici gives them: by name in lower case, those of one name in their order. */
export type HttpFields = Readonly<Record<string, string | string[] | undefined>>;

/** No fields; `flat` gives this one. */
export const NO_FIELDS: readonly string[] = [];

/** `[name, value, name, value, …]` */
export function flat(fields: HttpFields): readonly string[] {
  const list: string[] = [];
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === 'string') list.push(name, value);
    else if (value) for (const each of value) list.push(name, each);
  }
  return list.length === 0 ? NO_FIELDS : list;
}
