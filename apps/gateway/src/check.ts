import { FileProblem } from '@trellis/config-file';
import { gatewayJsonSchema } from './file/json-schema.js';
import { overviewOf } from './file/overview.js';
import { readGatewayFile } from './file/read-gateway-file.js';

/**
 * `node check.js FILE`: looks at a gateway.yaml as the gateway would, without one. Says in JSON what it defines, or on stderr,
 * a line each, what is wrong with it, with exit code 1. `node check.js --schema` prints the JSON Schema of such files.
 */
const [argument] = process.argv.slice(2);

if (argument === undefined) fail('Name a file: node check.js gateway.yaml');
else if (argument === '--schema') print(gatewayJsonSchema());
else check(argument);

function check(path: string): void {
  try {
    print(overviewOf(readGatewayFile(path).file));
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    fail(error.message);
  }
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
