/** Where a command speaks. */
export interface Terminal {
  /** What belongs on stdout. */
  print(text: string): void;
  /** A remark for people, beside what belongs on stdout. */
  note(text: string): void;
  /** The bottom of a screen that can be drawn anew; undefined when stdout is a file or a pipe. */
  readonly screen: Screen | undefined;
  /** Aborted when the person has seen enough. Asked for only by what goes on until then. */
  interrupted(): AbortSignal;
}

export interface Screen {
  /** Replaces what was drawn before. */
  draw(text: string): void;
  /** Leaves text above what is drawn, for good. */
  append(text: string): void;
  /** Leaves what is drawn. */
  end(): void;
}
