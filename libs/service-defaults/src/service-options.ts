import type { Server } from 'node:http';
import type { DescService } from '@bufbuild/protobuf';
import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import type { Directory } from '@trellis/discovery';
import type { TokenVerifier } from '@trellis/security';
import type { Logger } from '@trellis/telemetry';
import type { AdminPages } from './admin-server.js';
import type { CommonConfig, InstanceConfig } from './common-env.js';
import type { Basics, Platform } from './platform.js';

/** A second, HTTP side of a service: the gateway's data plane, auth's pages, the registry's lists. */
export interface HttpSide {
  /** 0 takes a free one. */
  readonly port: number;
  /** The variable to change when the port is in use. */
  readonly variable: string;
  /**
   * Makes the server, once Nest has started. It is opened, drained and closed for you; `draining` is aborted when it takes
   * no more requests, for answers that would never end by themselves.
   */
  readonly server: (app: INestApplicationContext, draining: AbortSignal) => Server;
}

interface Options {
  /** Pages of the app's own on the admin port. Made once, when Nest has started. */
  readonly admin?: (app: INestApplicationContext) => AdminPages;
  /** Name under which instances register, such as "blog". */
  readonly name: string;
  readonly logger: Logger;
  /** The gRPC services whose methods the controllers answer. Without any, no gRPC port is opened. */
  readonly services?: readonly DescService[];
  readonly http?: HttpSide;
}

/** A service that registers, and calls others. Announced with its gRPC address, or with its HTTP one if it has no gRPC. */
export interface MemberOptions extends Options {
  readonly config: CommonConfig;
  readonly standalone?: false;
  /** Makes the directory of the platform from the registry's, for who knows more than that. */
  readonly directory?: (registered: Directory) => Directory;
  readonly module: (platform: Platform) => Type | DynamicModule;
}

/** The registry: it has nobody to register with and calls nobody. */
export interface StandaloneOptions extends Options {
  readonly config: InstanceConfig;
  readonly standalone: true;
  /** Undefined: it takes no access tokens, and only public methods can be called. */
  readonly verifier?: TokenVerifier;
  readonly module: (basics: Basics) => Type | DynamicModule;
}

export type ServiceOptions = MemberOptions | StandaloneOptions;
