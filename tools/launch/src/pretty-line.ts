import pc from 'picocolors';

/** pino's levels. https://getpino.io/#/docs/api?id=loggerlevels-object */
const LEVELS: Readonly<Record<number, string>> = {
  10: pc.dim('TRACE'),
  20: pc.dim('DEBUG'),
  30: pc.green('INFO '),
  40: pc.yellow('WARN '),
  50: pc.red('ERROR'),
  60: pc.red('FATAL'),
};

/** Members that each line has and that say nothing new. */
const LEFT_OUT = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name', 'service', 'instance', 'span_id']);

/** One line of a JSON log for people; a line that is no JSON stays as it is. */
export function prettyLine(name: string, line: string): string {
  const entry = parse(line);
  if (!entry) return `${pc.cyan(name)} ${line}`;
  const time = new Date(Number(entry['time'])).toISOString().slice(11, 23);
  const rest = Object.entries(entry)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, value]) => pc.dim(`${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`));
  return [pc.dim(time), LEVELS[Number(entry['level'])] ?? '     ', pc.cyan(name), entry['msg'] ?? '', ...rest].join(
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
