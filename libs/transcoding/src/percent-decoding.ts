/** Undefined when the text is no valid percent-encoding of UTF-8. */
export function percentDecode(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Keeps an encoded slash encoded, so that it can be told from one that parts two segments (`google/api/http.proto`). */
export function percentDecodeSegments(text: string): string | undefined {
  if (!text.includes('%')) return text;
  const parts = text.split(/(%2f)/i).map((part, index) => (index % 2 === 1 ? part : percentDecode(part)));
  return parts.includes(undefined) ? undefined : parts.join('');
}

/** As in a query: `+` stands for a space. */
export const queryDecode = (text: string): string | undefined =>
  percentDecode(text.includes('+') ? text.replaceAll('+', ' ') : text);
