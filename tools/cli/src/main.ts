import { processTerminal } from './process-terminal.js';
import { createProgram } from './program.js';

/** `npm run trellis -- COMMAND`: results on stdout, problems in one line on stderr with exit code 1. */
try {
  await createProgram(processTerminal).parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
