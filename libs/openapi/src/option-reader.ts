import type { DescField, DescMessage, DescOneof } from '@bufbuild/protobuf';

/**
 * Reads an option once for each descriptor, which lives as long as its contract. Something else under the option's number,
 * which a contract of others may have, is no option: undefined.
 */
export function optionReader<D extends DescField | DescMessage | DescOneof, T>(
  read: (desc: D) => T,
): (desc: D) => T | undefined {
  const known = new WeakMap<D, { readonly value: T | undefined }>();
  return (desc) => {
    let found = known.get(desc);
    if (!found) {
      found = { value: attempt(() => read(desc)) };
      known.set(desc, found);
    }
    return found.value;
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
