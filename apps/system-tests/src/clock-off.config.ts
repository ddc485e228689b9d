/**
 * Preloaded into a process (`--import`), before anything has looked at the time: its clock is off by `CLOCK_OFF_MS`
 * milliseconds, ahead when positive. Monotonic time and timers go on as ever, as when somebody sets a machine's clock.
 */
const off = Number(process.env['CLOCK_OFF_MS'] ?? 0);
const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct(target, args, newTarget): Date {
    const given = args.length === 0 ? [target.now()] : args;
    return Reflect.construct(target, given, newTarget === globalThis.Date ? target : newTarget) as Date;
  },
  apply: () => new RealDate(RealDate.now()).toString(),
});
const realNow = RealDate.now.bind(RealDate);
RealDate.now = (): number => realNow() + off;
