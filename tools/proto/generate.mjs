/** Generates libs/contracts/src/gen from the protos. Needs no network: `buf` and every import come from npm. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { file_buf_validate_validate } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { printComments } from './print-comments.mjs';
import { printProto } from './print-proto.mjs';

const root = join(import.meta.dirname, '../..');
const buf = (args, output) =>
  execFileSync('buf', args, { cwd: root, stdio: ['ignore', output, 'inherit'], maxBuffer: 64 * 1024 * 1024 });

// `@bufbuild/protovalidate` carries the descriptor of validate.proto and not its source.
const validate = join(root, 'libs/contracts/third_party/buf/validate/validate.proto');
mkdirSync(dirname(validate), { recursive: true });
writeFileSync(validate, printProto(file_buf_validate_validate.proto));

if (process.argv.includes('--lint')) {
  buf(['lint'], 'inherit');
} else {
  buf(['generate'], 'inherit');
  // The generated descriptors are without their comments, which the reference of the API shows.
  const set = buf(['build', 'libs/contracts/proto', '--as-file-descriptor-set', '-o', '-#format=binpb'], 'pipe');
  writeFileSync(
    join(root, 'libs/contracts/src/gen/comments.ts'),
    printComments(set, join(root, 'libs/contracts/proto')),
  );
}
