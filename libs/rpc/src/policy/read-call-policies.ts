import { parseConfigFile, readConfigFile } from '@trellis/config-file';
import { type CallPolicies, callPolicies } from './call-policies.js';

/** Reads a YAML or JSON file of call policies. Throws FileProblem. */
export const readCallPolicies = (file: string): CallPolicies => readConfigFile(callPolicies, file);

/** The same for text that is in memory already; `name` is how problems call it. */
export const parseCallPolicies = (text: string, name: string): CallPolicies =>
  parseConfigFile(callPolicies, text, name);
