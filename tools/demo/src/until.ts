const POLL_MS = 100;

/** Asks again and again until the answer is truthy; the last answer after `withinMs`. */
export async function until<T>(withinMs: number, ask: () => Promise<T>): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer || Date.now() > end) return answer;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
