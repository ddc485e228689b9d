import { equals } from '@bufbuild/protobuf';
import { type Instance, ProbeSchema } from '@trellis/contracts/registry/v1';

/** Whether the registry's question to the instance stays the same: then so does what it has found out. */
export function sameQuestion(before: Instance, now: Instance): boolean {
  if (before.address !== now.address || before.protocol !== now.protocol) return false;
  return before.probe !== undefined && now.probe !== undefined && equals(ProbeSchema, before.probe, now.probe);
}
