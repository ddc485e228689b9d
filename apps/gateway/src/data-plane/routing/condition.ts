import type { FileRoute } from '../../file/gateway-file.js';
import type { ValueTest } from '../../file/kinds.js';
import type { Exchange } from '../exchange.js';

type Test = (value: string | undefined) => boolean;

/** Whether a request has the headers and query parameters that a route asks for; undefined when it asks for none. */
export function conditionOf({ headers = {}, query = {} }: FileRoute): ((exchange: Exchange) => boolean) | undefined {
  const headerTests = Object.entries(headers).map(([name, test]) => [name, testOf(test)] as const);
  const queryTests = Object.entries(query).map(([name, test]) => [name, testOf(test)] as const);
  if (headerTests.length + queryTests.length === 0) return undefined;
  return (exchange) => {
    const { headers: given } = exchange.request;
    if (!headerTests.every(([name, test]) => test([given[name]].flat()[0]))) return false;
    if (queryTests.length === 0) return true;
    const parameters = new URLSearchParams(exchange.query);
    return queryTests.every(([name, test]) => test(parameters.get(name) ?? undefined));
  };
}

function testOf(test: ValueTest): Test {
  if (typeof test === 'string') return (value) => value === test;
  if ('present' in test) return (value) => (value !== undefined) === test.present;
  return (value) => value !== undefined && test.pattern.test(value);
}
