import { z } from 'zod';
import { gatewayFile } from './gateway-file.js';

/**
 * The file's schema as JSON Schema 2020-12, for editors. What depends on several places it cannot say: there the gateway is
 * stricter, and `check` tells.
 */
export function gatewayJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(gatewayFile, { io: 'input' });
  return { $schema, title: 'gateway.yaml of a Trellis gateway', ...schema };
}
