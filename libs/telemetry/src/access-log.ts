import type { Logger } from './create-logger.js';
import { stdoutLines } from './line-writer.js';

/** Where a line for each request goes. */
export interface AccessLog {
  /** Whether anybody wants such lines: LOG_LEVEL. */
  readonly enabled: boolean;
  /**
   * Writes one. `members` are the line's own, as JSON: `"status":200,"ms":3.2`. Nothing here hides a secret: whoever writes
   * names each member himself.
   */
  write(members: string): void;
  /** When all of them are written. */
  close(): Promise<void>;
}

/** How often it is looked whether lines were dropped. */
const CHECK_MS = 1_000;

/**
 * JSON lines on stdout like the logger's of level info, but written beside whatever goes on and many at once: a line costs
 * 2 µs, where the logger's own takes 12 and has the request wait for it. Two prices: the last tenth of a second is lost when
 * the process is killed, and what a reader is too slow for is dropped and counted.
 */
export function createAccessLog(name: string, logger: Logger, lines = stdoutLines()): AccessLog {
  const common = `Z","pid":${process.pid},"name":${JSON.stringify(name)},`;
  const check = setInterval(() => {
    const dropped = lines.takeDropped();
    if (dropped > 0) logger.warn({ dropped }, 'nobody reads the log fast enough: lines were dropped');
  }, CHECK_MS).unref();
  return {
    get enabled() {
      return logger.isLevelEnabled('info');
    },
    write(members) {
      lines.write(`{"level":"info","time":"${isoTime(Date.now())}${common}${members},"msg":"request"}\n`);
    },
    async close() {
      clearInterval(check);
      await lines.flush();
    },
  };
}

let second = Number.NaN;
let beginning = '';

/** Epoch milliseconds by ISO 8601, without the `Z`. Most of it is the same for a second. */
function isoTime(now: number): string {
  const ms = now % 1_000;
  if (now - ms !== second) {
    second = now - ms;
    beginning = new Date(second).toISOString().slice(0, -4);
  }
  return beginning + (ms < 10 ? '00' : ms < 100 ? '0' : '') + ms;
}
