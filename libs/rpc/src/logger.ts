/** The part of the log that this lib writes to. */
export interface Logger {
  debug(fields: object, message: string): void;
}
