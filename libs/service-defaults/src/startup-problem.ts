/** Why a service cannot start, in one line for whoever starts it, with the variable to change. */
export class StartupProblem extends Error {}

/** EADDRINUSE, with what to do about it. */
export function portInUse(port: number, variable: string): StartupProblem {
  return new StartupProblem(`Port ${port} is in use: set ${variable} to another one`);
}
