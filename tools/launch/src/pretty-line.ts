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
  const time = String(entry['time']).slice(11, 23);
  const rest = Object.entries(entry)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, value]) => pc.dim(`${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`));
  return [pc.dim(time), LEVELS[String(entry['level'])] ?? '     ', pc.cyan(name), entry['msg'] ?? '', ...rest].join(
    ' ',
  );
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'time' in value ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
