/** The header's value has at most eight digits. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
const MOST = 99_999_999;

/** `grpc-timeout` for this many milliseconds, never longer than asked; undefined when there is no limit. */
export function grpcTimeout(ms: number): string | undefined {
  if (ms === Infinity) return undefined;
  const whole = Math.max(0, Math.floor(ms));
  if (whole <= MOST) return `${whole}m`;
  return `${Math.min(MOST, Math.floor(whole / 1000))}S`;
}
