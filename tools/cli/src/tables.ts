import { type ContractSummary, type Instance, type ServiceSummary, State } from '@trellis/contracts/registry/v1';
import Table from 'cli-table3';
import pc from 'picocolors';
import { stateName } from './live-list.js';

/** Digits of a contract's hash that a person sees, and may give. */
const SHORT_HASH = 12;

/** A row per service. */
export function servicesTable(services: readonly ServiceSummary[]): string {
  const rows = services.map(({ name, instances, serving, versions, grpcServices, preserved }) => [
    name,
    serving === instances ? pc.green(serving) : pc.yellow(`${serving} of ${instances}`),
    versions.join(', '),
    grpcServices.join('\n'),
    preserved ? pc.yellow('too many are silent: none is taken out') : '',
  ]);
  return table(['service', 'serving', 'version', 'answers', 'remark'], rows);
}

/** A row per instance. */
export function instancesTable(instances: readonly Instance[]): string {
  const rows = instances.map((instance) => [
    ...instanceRow(instance),
    instance.metadata['pid'] ?? '',
    instance.metadata['start_time'] ?? '',
  ]);
  return table([...INSTANCE, 'pid', 'started'], rows);
}

/** The same without what nobody watches, to fit a narrow terminal. */
export function watchedTable(instances: readonly Instance[]): string {
  return table(INSTANCE, instances.map(instanceRow));
}

const INSTANCE = ['service', 'instance', 'state', 'address', 'version', 'zone', 'weight', 'tags'];

const instanceRow = ({ service, id, state, address, version, zone, weight, tags }: Instance): string[] => [
  service,
  id,
  coloured(state),
  address,
  version,
  zone,
  weight === 0 || weight === 100 ? '' : String(weight),
  tags.join(' '),
];

/** A row per contract. */
export function contractsTable(contracts: readonly ContractSummary[]): string {
  const rows = contracts.map(({ service, hash, versions, instances, methods, routes, pending }) => [
    service,
    hash.slice(0, SHORT_HASH),
    versions.join(', '),
    String(instances),
    String(methods),
    String(routes.length),
    pending.length === 0 ? pc.green('admitted') : pc.yellow(['waits for approval:', ...pending].join('\n')),
  ]);
  return table(['service', 'contract', 'version', 'instances', 'methods', 'routes', 'state'], rows);
}

/** Green for what takes calls. */
function coloured(state: State): string {
  const name = stateName(state);
  return state === State.SERVING ? pc.green(name) : pc.yellow(name);
}

/** The first column is always there; others in which no row has anything are left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = head.map((_, column) => column === 0 || rows.length === 0 || rows.some((row) => row[column] !== ''));
  const narrow = (row: readonly string[]): string[] => row.filter((_, column) => used[column]);
  const style = { head: [], border: pc.isColorSupported ? ['dim'] : [], compact: true };
  const out = new Table({ head: narrow(head), style });
  out.push(...rows.map(narrow));
  return out.toString();
}
