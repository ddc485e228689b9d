/** Nothing came for so long while calls are under way: the peer is asked for a sign of life. */
const SILENCE_MS = 1_000;

/** A peer that has not answered the question by then is given up. A busy one answers in its next turn. */
const PATIENCE_MS = 2_000;

/**
 * Servers hang up on clients that ask too often: grpc-go and gRPC Core after two questions more than one in five minutes,
 * counted from the last data they sent. https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md
 */
const MOST_QUESTIONS = 2;
const RARE_MS = 5 * 60_000;

/** Who was not looked at for so long was not heard either: this process was busy, and what came in meanwhile is unread. */
const ABSENCE_MS = 1_000;

/** What a connection looks like when it is looked at. */
export interface Look {
  /** Milliseconds of a monotonic clock. */
  readonly now: number;
  /** Bytes received since it was opened: whatever a peer sends is a sign of life. */
  readonly received: number;
  /** Calls under way. */
  readonly calls: number;
  /** Answers since it was opened. */
  readonly answers: number;
}

/**
 * Says when to ask a peer whether it still lives (PING) and when to give it up. A frozen process, or a network that
 * swallows packets, closes nothing: without asking, every call would wait for its deadline.
 */
export class Keepalive {
  #received = -1;
  #answers = -1;
  #heardAt = 0;
  #askedAt = -Infinity;
  #lookedAt = Infinity;
  #asking = false;
  #questions = 0;

  look({ now, received, calls, answers }: Look): 'ask' | 'dead' | undefined {
    const since = now - this.#lookedAt;
    this.#lookedAt = now;
    if (since > ABSENCE_MS) {
      this.#heardAt += since;
      this.#askedAt += since;
    }
    if (received !== this.#received || calls === 0) {
      this.#received = received;
      this.#heardAt = now;
      this.#asking = false;
    }
    if (answers !== this.#answers) {
      this.#answers = answers;
      this.#questions = 0;
    }
    if (calls === 0) return undefined;
    if (this.#asking) return now - this.#askedAt >= PATIENCE_MS ? 'dead' : undefined;
    const wait = this.#questions < MOST_QUESTIONS ? SILENCE_MS : RARE_MS;
    if (now - this.#heardAt < SILENCE_MS || now - this.#askedAt < wait) return undefined;
    this.#asking = true;
    this.#askedAt = now;
    this.#questions++;
    return 'ask';
  }
}
