/** The part of a pino logger that the broker uses. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export const silent: Logger = { info: () => undefined, warn: () => undefined };
