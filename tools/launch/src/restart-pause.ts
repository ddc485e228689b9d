/** First pause before a dead instance is started again: long enough not to spin, short enough not to be noticed. */
const FIRST_MS = 250;
const MAX_MS = 30_000;
/** An instance that lived this long was well: its next death starts from the first pause again. */
const WELL_AFTER_MS = 60_000;

/** Milliseconds to wait before start number `attempt` (1 for the first restart). Doubles, up to 30 s. */
export const restartPause = (attempt: number): number => Math.min(MAX_MS, FIRST_MS * 2 ** (attempt - 1));

/** Number of the next attempt after a life of `livedMs`. */
export const nextAttempt = (attempt: number, livedMs: number): number => (livedMs >= WELL_AFTER_MS ? 1 : attempt + 1);
