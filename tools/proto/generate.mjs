/** Generates libs/contracts/src/gen from the protos. Needs no network: `buf` and every import come from npm. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { file_buf_validate_validate } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { printProto } from './print-proto.mjs';

const root = join(import.meta.dirname, '../..');

// `@bufbuild/protovalidate` carries the descriptor of validate.proto and not its source.
const validate = join(root, 'libs/contracts/third_party/buf/validate/validate.proto');
mkdirSync(dirname(validate), { recursive: true });
writeFileSync(validate, printProto(file_buf_validate_validate.proto));

execFileSync('buf', process.argv.includes('--lint') ? ['lint'] : ['generate'], { cwd: root, stdio: 'inherit' });
