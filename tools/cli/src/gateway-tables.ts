import pc from 'picocolors';
import type { Explanation, Overview, RouteList, RouteSummary } from './gateway-answers.js';
import { table } from './tables.js';

const ANY = 'any';

/** What a gateway.yaml defines. */
export function overviewTable({ routes, upstreams, defaults }: Overview): string {
  const parts = [
    table(
      ['host', 'method', 'path', 'goes to', 'policies of its own'],
      routes.map(({ hosts, methods, path, target, policies }) => [
        hosts.join('\n') || ANY,
        methods.join('\n'),
        path,
        target,
        policies.join(', '),
      ]),
    ),
  ];
  if (upstreams.length > 0) {
    parts.push(
      table(
        ['upstream', 'addresses', 'strategy', 'timeouts'],
        upstreams.map(({ name, addresses, strategy = '', timeouts }) => [
          name,
          addresses.join('\n') || 'registered',
          strategy,
          Object.entries(timeouts)
            .map(([kind, ms]) => `${kind} ${ms} ms`)
            .join('\n'),
        ]),
      ),
    );
  }
  if (defaults.length > 0) parts.push(`Policies of every route: ${defaults.join(', ')}`);
  return parts.join('\n');
}

/** Every route of a running gateway, and what is wrong with its file. */
export function routesTable({ file, complete, routes }: RouteList): string {
  const rows = routes.map((route) => [...routeRow(route), pc.yellow(printable(route.problem ?? ''))]);
  const remarks = [
    ...(complete ? [] : [pc.yellow('Not all contracts are known yet.')]),
    ...(file && !file.problem ? [`${file.path} is in force since ${new Date(file.loadedAt).toISOString()}.`] : []),
    ...(file?.problem
      ? [
          pc.yellow(
            `${file.path} is refused since ${new Date(file.problem.since).toISOString()}, the one before holds:`,
          ),
          ...file.problem.faults.map(printable),
        ]
      : []),
  ];
  return [table([...ROUTE, 'remark'], rows), ...remarks].join('\n');
}

const ROUTE = ['host', 'method', 'path', 'when', 'goes to', 'from'];

const routeRow = ({ host = ANY, method, path, conditions, target, source }: RouteSummary): string[] =>
  [host, method, path, conditions.join('\n'), target, source].map(printable);

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'is refused with 400: its path means different things to different readers.',
  404: 'is answered with 404: no route takes it.',
  405: 'is answered with 405: no route of its path takes its method.',
};

/** Which route a request takes, and why not another. */
export function explanationTable(
  request: string,
  { route, refused, variables, upstream, others }: Explanation,
): string {
  const parts = [
    `${request} ${refused === undefined ? 'takes' : (REFUSALS[refused] ?? `is answered with ${refused}`)}`,
  ];
  if (route) {
    parts.push(table(ROUTE, [routeRow(route)]));
    if (route.problem !== undefined) parts.push(pc.yellow(`It cannot be served now: ${printable(route.problem)}`));
    const values = Object.entries(variables ?? {});
    if (values.length > 0) parts.push(`Variables: ${values.map(([name, value]) => `${name}=${value}`).join(', ')}`);
    parts.push(table(['policy', 'settings', 'from'], route.policies.map(policyRow)));
  }
  if (upstream) {
    const { strategy, instances } = upstream;
    const how = strategy === undefined ? '' : `, by ${strategy}`;
    const who = instances.map((one) => `${one.id} (${factsOf(one).join(', ')})`).join(', ');
    parts.push(instances.length === 0 ? pc.yellow('No instance takes calls.') : `Instances${how}: ${printable(who)}`);
  }
  if (others.length > 0) {
    parts.push(
      table(
        [...ROUTE, 'not taken: it'],
        others.map(({ route, why }) => [...routeRow(route), printable(why)]),
      ),
    );
  }
  return parts.join('\n');
}

type Instance = NonNullable<Explanation['upstream']>['instances'][number];

/** A fixed host has no version. */
const factsOf = ({ address, version, healthy }: Instance): string[] =>
  [address, version, healthy === undefined ? '' : healthy ? 'well' : 'not well'].filter((fact) => fact !== '');

const policyRow = ({ name, settings, from }: RouteSummary['policies'][number]): string[] => [
  name,
  settings === undefined ? 'as built in' : JSON.stringify(settings),
  settings === undefined ? '' : from,
];

/** Contracts and files are written by others: nothing of theirs may drive the terminal. */
const printable = (text: string): string => text.replaceAll(/(?!\n)\p{Cc}/gu, '\ufffd');
