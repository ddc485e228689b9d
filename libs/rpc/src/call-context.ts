import { AsyncLocalStorage } from 'node:async_hooks';

/** The call that this process is serving right now. What it calls meanwhile inherits it. */
export interface CallContext {
  /** Epoch milliseconds; Infinity for a stream without one. A call made meanwhile ends by then too. */
  readonly deadline: number;
  /** The caller's access token, handed on. */
  readonly token?: string;
  /** Aborted when the caller went away. */
  readonly signal: AbortSignal;
}

const storage = new AsyncLocalStorage<CallContext>();

/** Runs `run`, and everything it starts, as part of serving the call. */
export function runInCall<T>(context: CallContext, run: () => T): T {
  return storage.run(context, run);
}

/** The call being served; undefined outside one. */
export function currentCall(): CallContext | undefined {
  return storage.getStore();
}
