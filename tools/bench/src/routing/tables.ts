/** A method and a path whose variables are written `{name}`. */
export interface BenchRoute {
  readonly httpMethod: string;
  readonly path: string;
}

export interface Table {
  readonly name: string;
  readonly routes: readonly BenchRoute[];
  /** Paths of GET requests, which differ in their ids, spread over the table. */
  readonly asks: (index: number) => string;
}

/** The five usual routes of a resource. */
function routesOf(resource: string): BenchRoute[] {
  const collection = `/v1/${resource}`;
  return [
    { httpMethod: 'GET', path: `${collection}/{id}` },
    { httpMethod: 'GET', path: collection },
    { httpMethod: 'POST', path: collection },
    { httpMethod: 'DELETE', path: `${collection}/{id}` },
    { httpMethod: 'GET', path: `${collection}/{id}/parts/{part}` },
  ];
}

const RESOURCES = Array.from({ length: 200 }, (_, index) => `resource-${index}s`);
const ONE = routesOf('resource-0s').slice(0, 1);
const THOUSAND = RESOURCES.flatMap(routesOf);
const id = (index: number): number => 100_000 + index;

export const TABLES: readonly Table[] = [
  { name: 'route-1', routes: ONE, asks: (index) => `/v1/resource-0s/${id(index)}` },
  { name: 'route-1000', routes: THOUSAND, asks: (index) => `/v1/resource-${index % 200}s/${id(index)}` },
  {
    name: 'parts-1000',
    routes: THOUSAND,
    asks: (index) => `/v1/resource-${index % 200}s/${id(index)}/parts/${id(index * 7)}`,
  },
  { name: 'fixed-1000', routes: THOUSAND, asks: (index) => `/v1/resource-${index % 200}s` },
];
