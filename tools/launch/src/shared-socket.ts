import net from 'node:net';
import { getSystemErrorName } from 'node:util';

/** A bound socket as Node keeps it, of which we use this much. */
interface Handle {
  getsockname(out: { port?: number }): number;
  close(): void;
}

/**
 * The step of node:cluster that binds a port without listening on it. Every documented way begins to accept at once, and
 * connections that the launcher took would be nobody's: docs/decisions/one-listening-socket.md.
 */
type Bind = (address: string, port: number, family: 4) => Handle | number;
const { _createServerHandle: bind } = net as unknown as { _createServerHandle: Bind };

/**
 * A port of 127.0.0.1 that is bound here and accepted from by the processes that get it. It outlives them: connections that
 * nobody has taken yet wait for the next one.
 */
export class SharedSocket {
  readonly #handle: Handle;
  readonly port: number;

  private constructor(handle: Handle, port: number) {
    this.#handle = handle;
    this.port = port;
  }

  /** 0 takes a free port. Whether another process listens there is told by who listens first: binding would not. */
  static bind(port: number): SharedSocket {
    const handle = bind('127.0.0.1', port, 4);
    if (typeof handle === 'number') throw new Error(`Port ${port} cannot be bound: ${getSystemErrorName(handle)}`);
    const address: { port?: number } = {};
    handle.getsockname(address);
    return new SharedSocket(handle, address.port ?? port);
  }

  /** For the list of descriptors of `child_process.spawn`, which takes what holds a descriptor. */
  get descriptor(): never {
    return this.#handle as never;
  }

  /** To be called when nobody is to listen any more: whoever still waits is told so. */
  close(): void {
    this.#handle.close();
  }
}
