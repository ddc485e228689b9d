import {
  type DescService,
  type Message,
  create,
  createFileRegistry,
  fromBinary,
  setExtension,
} from '@bufbuild/protobuf';
import type { GenMessage, GenService } from '@bufbuild/protobuf/codegenv2';
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorSetSchema,
  MethodOptionsSchema,
  MethodOptions_IdempotencyLevel,
  ServiceOptionsSchema,
} from '@bufbuild/protobuf/wkt';
import { descriptorSet, services } from '@trellis/contracts';
import { HttpRuleSchema, http } from '@trellis/contracts/google/api';
import { public$, scopes as scopesOption, service_name } from '@trellis/contracts/options/v1';

export type WorkRequest = Message<'trellis.sim.v1.WorkRequest'> & { key: string };
export type WorkResponse = Message<'trellis.sim.v1.WorkResponse'> & { instance: string; version: string };
/** How an instance behaves from now on. */
export type BehaveRequest = Message<'trellis.sim.v1.BehaveRequest'> & {
  /** What one piece of work takes. */
  latencyMs: number;
  /** So many pieces of work at once, the others wait in line; 0 means all of them. */
  slots: number;
  /** Percent of the work that fails with UNAVAILABLE, evenly spread. */
  failing: number;
};
export type BehaveResponse = Message<'trellis.sim.v1.BehaveResponse'>;
export type TellRequest = Message<'trellis.sim.v1.TellRequest'>;
/** What an instance has seen since it started. */
export type TellResponse = Message<'trellis.sim.v1.TellResponse'> & { calls: number; longestLine: number };

/** Simulated work, and the means to say how well it goes. */
export type SimService = GenService<{
  work: Unary<WorkRequest, WorkResponse>;
  guarded: Unary<WorkRequest, WorkResponse>;
  relay: Unary<WorkRequest, WorkResponse>;
  extra: Unary<WorkRequest, WorkResponse>;
  behave: Unary<BehaveRequest, BehaveResponse>;
  tell: Unary<TellRequest, TellResponse>;
}> &
  DescService;

interface Unary<I extends Message, O extends Message> {
  methodKind: 'unary';
  input: GenMessage<I>;
  output: GenMessage<O>;
}

/**
 * What an instance announces:
 * - `plain`: version 1
 * - `extended`: version 2, which has one method more
 * - `incompatible`: the type of a field differs, so the two cannot read each other
 * - `weaker`: `Guarded` asks for no scope any more
 * - `routeless`: without REST routes, for a service of another name that answers the same methods
 */
export const SIM_CONTRACTS = ['plain', 'extended', 'incompatible', 'weaker', 'routeless'] as const;
export type SimContract = (typeof SIM_CONTRACTS)[number];

const PACKAGE = 'trellis.sim.v1';
const { STRING, UINT32, BYTES } = FieldDescriptorProto_Type;

/** Built at run time, as its variants differ in a word each. `service` is the name under which it registers. */
export function simContract(variant: SimContract, service: string): SimService {
  const known = fromBinary(FileDescriptorSetSchema, descriptorSet(services)).file;
  const message = (name: string, fields: Readonly<Record<string, FieldDescriptorProto_Type>> = {}) => ({
    name,
    field: Object.entries(fields).map(([field, type], index) => ({
      name: field,
      number: index + 1,
      type,
      label: FieldDescriptorProto_Label.OPTIONAL,
    })),
  });
  const method = (name: string, io: string, options: Parameters<typeof methodOptions>[0] = {}) => ({
    name,
    inputType: `.${PACKAGE}.${io}Request`,
    outputType: `.${PACKAGE}.${io}Response`,
    options: methodOptions(variant === 'routeless' ? { ...options, get: undefined } : options),
  });
  const serviceOptions = create(ServiceOptionsSchema);
  setExtension(serviceOptions, service_name, service);
  const file = {
    name: 'trellis/sim/v1/sim_service.proto',
    package: PACKAGE,
    syntax: 'proto3',
    dependency: ['google/api/annotations.proto', 'trellis/v1/options.proto'],
    messageType: [
      message('WorkRequest', { key: variant === 'incompatible' ? BYTES : STRING }),
      message('WorkResponse', { instance: STRING, version: STRING }),
      message('BehaveRequest', { latency_ms: UINT32, slots: UINT32, failing: UINT32 }),
      message('BehaveResponse'),
      message('TellRequest'),
      message('TellResponse', { calls: UINT32, longest_line: UINT32 }),
    ],
    service: [
      {
        name: 'SimService',
        method: [
          method('Work', 'Work', { get: '/v1/sim/work' }),
          method('Guarded', 'Work', { get: '/v1/sim/guarded', scopes: variant === 'weaker' ? [] : ['blog:read'] }),
          method('Relay', 'Work'),
          method('Behave', 'Behave'),
          method('Tell', 'Tell'),
          ...(variant === 'extended' ? [method('Extra', 'Work', { get: '/v1/sim/extra' })] : []),
        ],
        options: serviceOptions,
      },
    ],
  };
  const set = create(FileDescriptorSetSchema, { file: [...known, file] });
  const built = createFileRegistry(set).getService(`${PACKAGE}.SimService`);
  return built as DescService as SimService; // the interfaces above say what has been built
}

/** Public and repeatable, unless it asks for scopes. */
function methodOptions({ get, scopes }: { get?: string | undefined; scopes?: readonly string[] }) {
  const options = create(MethodOptionsSchema, { idempotencyLevel: MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS });
  if (get !== undefined) {
    setExtension(options, http, create(HttpRuleSchema, { pattern: { case: 'get', value: get } }));
  }
  if (scopes) setExtension(options, scopesOption, [...scopes]);
  else setExtension(options, public$, true);
  return options;
}
