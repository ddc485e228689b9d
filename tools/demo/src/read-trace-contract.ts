import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@trellis/launch';
import { readTrace } from './jaeger.js';
import { type TraceContract, parseTraceContract } from './trace-contract.js';
import { traceReport } from './trace-check.js';
import { until } from './until.js';

const FOLDER = 'libs/contracts/traces';

/** The trace contracts of this repository, by the names of their files: "create-post". */
export const traceContracts = (): string[] =>
  readdirSync(join(root, FOLDER)).map((name) => name.replace(/\.yaml$/, ''));

/** Throws a FileProblem for one that is wrong. */
export function readTraceContract(name: string): TraceContract {
  const file = `${FOLDER}/${name}.yaml`;
  return parseTraceContract(readFileSync(join(root, file), 'utf8'), file);
}

/**
 * What is wrong with the trace that Jaeger has, as a text; undefined as soon as it keeps its contract. Spans arrive one by one,
 * and those of a consumer late: so long it is asked again.
 */
export async function traceBreaks(
  jaegerUrl: string,
  traceId: string,
  contract: TraceContract,
  withinMs: number,
): Promise<string | undefined> {
  let report: string | undefined;
  await until(withinMs, async () => {
    const trace = await readTrace(jaegerUrl, traceId);
    report = trace ? traceReport(contract, trace) : `Jaeger has no trace ${traceId} for ${contract.name}`;
    return report === undefined;
  });
  return report;
}
