import pc from 'picocolors';

const LEVELS: Readonly<Record<string, string>> = {
  trace: pc.dim('TRACE'),
  debug: pc.dim('DEBUG'),
  info: pc.green('INFO '),
  warn: pc.yellow('WARN '),
  error: pc.red('ERROR'),
  fatal: pc.red('FATAL'),
};

/** Members that each line has and that say nothing new. */
const LEFT_OUT = new Set(['level', 'time', 'msg', 'pid', 'name', 'span_id']);

/** One line of a JSON log for people; a line that is no JSON stays as it is. */
export function prettyLine(name: string, line: string): string {
  const entry = parse(line);
  if (!entry) return `${pc.cyan(name)} ${line}`;
  const { time, level, msg = '', ...others } = entry;
  const { message, rest } = accessOf(others) ?? { message: msg, rest: others };
  const details = Object.entries(rest)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, value]) => pc.dim(`${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`));
  const when = pc.dim(String(time).slice(11, 23));
  return [when, LEVELS[String(level)] ?? '     ', pc.cyan(name), message, ...details].join(' ');
}

/** What a reader of the access log seldom wants. */
const ACCESS_LEFT_OUT: ReadonlySet<string> = new Set(['host', 'route', 'user_agent', 'client']);

/** A line of the access log tells in its message what a reader looks for first. */
function accessOf(entry: Record<string, unknown>) {
  const { method, path, status, ms, ...others } = entry;
  if (typeof method !== 'string' || typeof path !== 'string' || typeof status !== 'number') return undefined;
  const colour = status >= 500 ? pc.red : status >= 400 ? pc.yellow : pc.green;
  const rest = Object.fromEntries(Object.entries(others).filter(([key]) => !ACCESS_LEFT_OUT.has(key)));
  return { message: `${method} ${path} ${colour(status)} ${ms} ms`, rest };
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'time' in value ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
