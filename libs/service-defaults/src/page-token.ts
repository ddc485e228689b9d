import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire';
import { invalidArgument } from '@trellis/errors';
import { isUuid } from './uuid.js';

/** Where the next page begins. Opaque to callers, and bound to the filter so that a page never continues another list. */
export function pageToken(afterId: string, filter = ''): string {
  return base64Encode(new TextEncoder().encode(JSON.stringify([afterId, filter])), 'url');
}

/** Id of the last item of the page before; undefined for the first page. INVALID_ARGUMENT when no such list gave the token. */
export function readPageToken(token: string, filter = ''): string | undefined {
  if (token === '') return undefined;
  const afterId = firstPart(token);
  if (afterId === undefined || !isUuid(afterId) || pageToken(afterId, filter) !== token) {
    throw invalidArgument([
      { field: 'page_token', description: 'use the next_page_token of the page before, with the same filter' },
    ]);
  }
  return afterId;
}

function firstPart(token: string): string | undefined {
  try {
    const parts: unknown = JSON.parse(new TextDecoder().decode(base64Decode(token)));
    const first: unknown = Array.isArray(parts) ? parts[0] : undefined;
    return typeof first === 'string' ? first : undefined;
  } catch {
    return undefined; // no base64 or no JSON: made up, like any other bad token
  }
}
