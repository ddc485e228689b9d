type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Each place where two values differ: "body.data.0.spans.1.flags: 1 / undefined". */
export function differences(one: unknown, other: unknown, path: string): string[] {
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  const both = [one, other];
  if (both.every(isObject) || both.every(Array.isArray)) {
    const [a, b] = both as [Json, Json];
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => differences(a[key], b[key], `${path}.${key}`));
  }
  return [`${path}: ${JSON.stringify(one)} / ${JSON.stringify(other)}`];
}
