import { Controller, type DynamicModule, Module, type Type } from '@nestjs/common';
import { GrpcMethod, type Platform, type ServiceIdentity } from '@trellis/service-defaults';
import type { SimConfig } from './config.js';
import { type BehaveRequest, type SimService, simContract } from './sim-contract.js';
import { Workplace } from './workplace.js';

/** The service that `Relay` calls, if somebody runs it. */
const PEER = 'sim-peer';

@Module({})
export class SimModule {
  static with(service: SimService, config: SimConfig, platform: Platform): DynamicModule {
    const workplace = new Workplace();
    const controllers = [simController(service, workplace, platform)];
    if (config.SIM_CONTRACT === 'extended') controllers.push(extraController(service, workplace, platform));
    return { module: SimModule, controllers };
  }
}

function simController({ method }: SimService, workplace: Workplace, { identity, rpc }: Platform): Type {
  const peer = rpc.client(simContract('routeless', PEER));

  @Controller()
  class SimController {
    @GrpcMethod(method.work)
    async work() {
      return await worked(workplace, identity);
    }

    @GrpcMethod(method.guarded)
    async guarded() {
      return await worked(workplace, identity);
    }

    @GrpcMethod(method.relay)
    async relay() {
      return await peer.work({});
    }

    @GrpcMethod(method.behave)
    async behave(behaviour: BehaveRequest) {
      workplace.behave(behaviour);
      return {};
    }

    @GrpcMethod(method.tell)
    async tell() {
      return workplace.seen;
    }
  }
  return SimController;
}

/** The method that only the extended contract has. */
function extraController({ method }: SimService, workplace: Workplace, { identity }: Platform): Type {
  @Controller()
  class ExtraController {
    @GrpcMethod(method.extra)
    async extra() {
      return await worked(workplace, identity);
    }
  }
  return ExtraController;
}

async function worked(workplace: Workplace, { instanceId: instance, version }: ServiceIdentity) {
  await workplace.work();
  return { instance, version };
}
