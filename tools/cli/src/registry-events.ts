import { setTimeout as sleep } from 'node:timers/promises';
import { type JsonValue, fromJson } from '@bufbuild/protobuf';
import { type WatchResponse, WatchResponseSchema } from '@trellis/contracts/registry/v1';
import { createParser } from 'eventsource-parser';
import { Failure } from './failure.js';
import { failureOf } from './fetch-json.js';
import type { Answer } from './registry-api.js';

/** The registry sends at least a comment every 15 s; one that is silent for three of them is gone. Milliseconds. */
const SILENCE_MS = 45_000;
const RETRY_MS = 1_000;
/** Characters of an event. A snapshot of ten thousand instances has some five million. */
const MAX_EVENT = 32 * 1024 * 1024;

export interface EventsOptions {
  /** All services when undefined. */
  readonly service?: string | undefined;
  readonly signal: AbortSignal;
  /** Told in words when the registry is lost. */
  readonly notice: (text: string) => void;
  /** Milliseconds between attempts. */
  readonly retryMs?: number;
}

/**
 * What the registry tells its watchers, until the signal. When the connection is lost it goes on from the last event that
 * was seen. Throws Failure when there is no registry at the beginning, or none that can be watched.
 */
export async function* registryEvents(
  registryUrl: string,
  { service, signal, notice, retryMs = RETRY_MS }: EventsOptions,
): AsyncGenerator<Answer<WatchResponse>> {
  const path =
    service === undefined ? '/v1/instances:watch' : `/v1/services/${encodeURIComponent(service)}/instances:watch`;
  const url = new URL(path, registryUrl);
  let seen: string | undefined;
  for (let connected = false; ; await pause(retryMs, signal)) {
    try {
      for await (const { id, data } of oneStream(url, seen, signal)) {
        if (!connected && seen !== undefined) notice('The registry is back.');
        connected = true;
        seen = id ?? seen;
        const json = JSON.parse(data) as JsonValue;
        yield { json, message: fromJson(WatchResponseSchema, json, { ignoreUnknownFields: true }) };
      }
    } catch (error) {
      if (signal.aborted) return;
      if (seen === undefined || (error instanceof Failure && !error.passing)) throw error;
    }
    if (signal.aborted) return;
    if (connected) notice('The registry is lost, trying again.');
    connected = false;
  }
}

interface ServerSentEvent {
  readonly id?: string | undefined;
  readonly data: string;
}

/** The events of one connection, to its end. */
async function* oneStream(url: URL, after: string | undefined, enough: AbortSignal): AsyncGenerator<ServerSentEvent> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), SILENCE_MS);
  try {
    const headers = { accept: 'text/event-stream', ...(after !== undefined && { 'last-event-id': after }) };
    const response = await fetch(url, { headers, signal: AbortSignal.any([enough, silent.signal]) }).catch(() => {
      throw new Failure(
        `Nothing answers at ${url.origin}. Start the platform with npm start, or give another --registry.`,
        {
          passing: true,
        },
      );
    });
    if (!response.ok || !response.body) throw await failureOf(response);
    const events: ServerSentEvent[] = [];
    const parser = createParser({ onEvent: (event) => events.push(event), maxBufferSize: MAX_EVENT });
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      timer.refresh();
      parser.feed(chunk);
      yield* events.splice(0);
    }
  } finally {
    clearTimeout(timer);
    silent.abort(); // closes the connection, also when the reader stops early
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined);
