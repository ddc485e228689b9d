import { type Instance, type ServiceSummary, State } from '@trellis/contracts/registry/v1';
import Table from 'cli-table3';
import pc from 'picocolors';

/** A row per service. */
export function servicesTable(services: readonly ServiceSummary[]): string {
  const rows = services.map(({ name, instances, serving, versions, grpcServices }) => [
    name,
    serving === instances ? pc.green(serving) : pc.yellow(`${serving} of ${instances}`),
    versions.join(', '),
    grpcServices.join('\n'),
  ]);
  return table(['service', 'serving', 'version', 'answers'], rows);
}

/** A row per instance. */
export function instancesTable(instances: readonly Instance[]): string {
  const rows = instances.map(({ id, version, address, state, zone, metadata }) => [
    id,
    state === State.SERVING ? pc.green(State[state]) : pc.yellow(State[state] ?? String(state)),
    address,
    version,
    zone,
    metadata['pid'] ?? '',
    metadata['start_time'] ?? '',
  ]);
  return table(['instance', 'state', 'address', 'version', 'zone', 'pid', 'started'], rows);
}

function table(head: string[], rows: string[][]): string {
  const out = new Table({ head, style: { head: [], border: pc.isColorSupported ? ['dim'] : [], compact: true } });
  out.push(...rows);
  return out.toString();
}
