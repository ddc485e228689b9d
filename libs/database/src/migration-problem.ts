/** Why a database cannot be brought up to date, in one line for people. Holds no address and no password. */
export class MigrationProblem extends Error {}
