import { allScopes, isOperatorScope } from '@trellis/contracts';

/** What a person may let an application do. */
export const personScopes = (): string[] => allScopes().filter((scope) => !isOperatorScope(scope));

/**
 * What a client may ask for. More than that is left out of its token without an error, and the answer says what is in it:
 * RFC 6749, section 3.3.
 */
export const scopesFor = (client: Readonly<Record<string, unknown>>): string[] =>
  client['operator'] === true ? allScopes() : personScopes();
