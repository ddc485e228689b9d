/** Who is told when nobody waits any more. */
type Listener = (() => void) | { handleEvent(): void };

/** What tells that nobody waits any more. */
export type CancelSignal = AbortSignal | Cancellation;

/**
 * The end of one request before its answer, for whoever makes very many: an AbortController and its signal in one object,
 * with as much of them as calls need. With a listener on an AbortSignal a fifth of all that a request of the gateway
 * allocates outlived V8's young generation, and to move it cost a sixth of the request.
 */
export class Cancellation {
  #aborted = false;
  #listeners: Listener[] | undefined;
  #twin: AbortController | undefined;

  get aborted(): boolean {
    return this.#aborted;
  }

  /** Told once, said or not. */
  addEventListener(_: 'abort', listener: Listener, _once?: { readonly once: true }): void {
    if (this.#listeners) this.#listeners.push(listener);
    else this.#listeners = [listener];
  }

  removeEventListener(_: 'abort', listener: Listener): void {
    const at = this.#listeners?.indexOf(listener) ?? -1;
    if (at >= 0) this.#listeners?.splice(at, 1);
  }

  abort(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    const listeners = this.#listeners ?? [];
    this.#listeners = undefined;
    for (const listener of listeners) {
      if (typeof listener === 'function') listener();
      else listener.handleEvent();
    }
    this.#twin?.abort();
  }

  /** For what takes nothing else. */
  toAbortSignal(): AbortSignal {
    this.#twin ??= new AbortController();
    if (this.#aborted) this.#twin.abort();
    return this.#twin.signal;
  }
}

/** Aborted with whichever is first, and kept by neither. */
export const eitherOf = (one: CancelSignal, other: AbortSignal): AbortSignal =>
  AbortSignal.any([one instanceof Cancellation ? one.toAbortSignal() : one, other]);
