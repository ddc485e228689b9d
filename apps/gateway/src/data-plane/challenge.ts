import { Code, type ServiceError } from '@trellis/errors';

const REALM = 'Bearer realm="trellis"';

/** `WWW-Authenticate` by RFC 6750, section 3: no error code for a request that had no token at all. */
export function challengeFor({ code, reason, message, metadata }: ServiceError): string | undefined {
  if (reason === 'SCOPE_MISSING') {
    return `${REALM}, error="insufficient_scope", scope="${quotable(metadata['scope'] ?? '')}"`;
  }
  if (code !== Code.UNAUTHENTICATED) return undefined;
  if (reason === 'TOKEN_MISSING') return REALM;
  return `${REALM}, error="invalid_token", error_description="${quotable(message)}"`;
}

/** The characters that the two parameters may have. */
const quotable = (text: string): string => text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '');
