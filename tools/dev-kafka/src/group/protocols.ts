/** A way of assigning partitions that a member knows, with what it tells the leader for it. Opaque to the broker. */
export interface Protocol {
  readonly name: string;
  readonly metadata: Buffer;
}

/** Whether it says the same as before: then a repeated JoinGroup is a lost answer and no reason to rebalance. */
export function sameProtocols(a: readonly Protocol[], b: readonly Protocol[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, metadata }, index) => {
      const other = b[index];
      return other?.name === name && other.metadata.equals(metadata);
    })
  );
}

/** The first of these protocols that all the others know too; undefined when they have none in common. */
export function commonProtocol(
  protocols: readonly Protocol[],
  others: readonly { readonly protocols: readonly Protocol[] }[],
): string | undefined {
  const known = ({ name }: Protocol) => others.every((other) => other.protocols.some((each) => each.name === name));
  return protocols.find(known)?.name;
}
