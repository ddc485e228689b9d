export { type Fault, FileProblem, parseConfigFile, readConfigFile } from './read-config-file.js';
export { duration, size } from './units.js';
