/** A contract whose REST mapping cannot be served. Its message names the method and the place, for the service's author. */
export class ContractError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ContractError';
  }
}
