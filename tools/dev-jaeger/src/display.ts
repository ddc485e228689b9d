/** "0 µs", "850 µs", "1.25 ms", "2.5 s", from microseconds. */
export function showDuration(microseconds: number): string {
  if (microseconds < 1_000) return `${microseconds} µs`;
  if (microseconds < 1_000_000) return `${round(microseconds / 1_000)} ms`;
  return `${round(microseconds / 1_000_000)} s`;
}

/** Three digits say enough: 1.25, 12.5, 125. */
const round = (value: number): string => String(Number(value.toPrecision(value < 1_000 ? 3 : 6)));

/** "2026-11-21 07:30:05.123" in this machine's time zone, from microseconds since 1970. */
export function showTime(microseconds: number): string {
  const time = new Date(microseconds / 1_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return `${day} ${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

/** A position within a whole for an SVG attribute: "12.5%". */
export const percent = (part: number, whole: number): string =>
  `${whole <= 0 ? 0 : Number(Math.min(100, Math.max(0, (part / whole) * 100)).toFixed(3))}%`;

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
