import Table from 'cli-table3';
import pc from 'picocolors';
import type { Platform } from './platform.js';
import type { ProcessStatus } from './supervisor.js';

/** Service, instances, address, state: a row per service. Data that could not be kept in `folder` is named too. */
export function table(statuses: readonly ProcessStatus[], folder: string): string {
  const out = new Table({
    head: ['service', 'instances', 'address', 'state'],
    style: { head: [], border: pc.isColorSupported ? ['dim'] : [], compact: true },
  });
  for (const [service, rows] of Map.groupBy(statuses, (status) => status.service)) {
    const states = new Set(rows.map(({ state }) => state));
    out.push([
      service,
      rows.length,
      rows
        .flatMap(({ addresses, dataDir }) => [
          addressOf(addresses),
          ...(dataDir?.startsWith(folder) === false ? [`data in ${dataDir}`] : []),
        ])
        .join('\n'),
      [...states].map((state) => (state === 'ready' ? pc.green(state) : pc.yellow(state))).join(', '),
    ]);
  }
  return out.toString();
}

/** The address that others call; the admin port is in the registry's metadata. */
const addressOf = (addresses: Readonly<Record<string, string>>): string =>
  addresses['http'] ?? addresses['grpc'] ?? addresses['kafka'] ?? addresses['postgres'] ?? '';

/** What to type next. Each line works when it is pasted, again and again. */
export function nextSteps(platform: Platform): string {
  return [
    'Try next:',
    '  npm run -s trellis -- services',
    `  curl -s -H "authorization: Bearer $(npm run -s trellis -- token)" ${platform.gatewayUrl}/v1/posts`,
    `  npm run demo -- --url ${platform.gatewayUrl}`,
    '',
    `Traces: ${platform.jaegerUrl}   Logs: npm run logs -- blog   End: Ctrl-C`,
  ].join('\n');
}
