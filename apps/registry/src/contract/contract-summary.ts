import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ContractSummarySchema, Instance } from '@trellis/contracts/registry/v1';
import type { Catalogue } from '../catalogue/catalogue.js';
import { routeName } from './contract.js';
import type { ContractGate } from './contract-gate.js';

type Summary = MessageInitShape<typeof ContractSummarySchema>;

const versions = new Intl.Collator('en', { numeric: true });

/** The contracts of the listed instances that are wanted, by service, the newest version first. */
export function summaries(
  catalogue: Catalogue,
  gate: ContractGate,
  wanted: (instance: Instance) => boolean,
): Summary[] {
  const instances = catalogue.list().filter((instance) => instance.contractHash !== '' && wanted(instance));
  const holders = Map.groupBy(instances, ({ service, contractHash }) => `${service} ${contractHash}`);
  return [...holders.values()]
    .map((group) => ({ newest: newestVersion(group), summary: summary(catalogue, gate, group) }))
    .sort((a, b) => versions.compare(a.summary.service, b.summary.service) || versions.compare(b.newest, a.newest))
    .map(({ summary: each }) => each);
}

const newestVersion = (instances: readonly Instance[]): string =>
  instances.map(({ version }) => version).sort((a, b) => versions.compare(b, a))[0] ?? '';

/** Instances with one contract may answer different parts of it: the summary has all of them. */
function summary(catalogue: Catalogue, gate: ContractGate, instances: readonly Instance[]) {
  const grpcServices = distinct(instances.flatMap((instance) => instance.grpcServices));
  const [{ service, contractHash: hash } = { service: '', contractHash: '' }] = instances;
  const contract = gate.contractOf({ service, contractHash: hash, grpcServices });
  return {
    service,
    hash,
    grpcServices,
    versions: distinct(instances.map(({ version }) => version)),
    instances: instances.length,
    methods: contract?.methods.size ?? 0,
    routes: (contract?.routes ?? []).map(routeName),
    pending: distinct(instances.flatMap(({ id }) => catalogue.pending(id))),
  };
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();
