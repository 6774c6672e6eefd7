import * as z from 'zod';
import { configSchema } from './schema.ts';

/** JSON schema of a config file as people write it: editors complete and check by it (`config/config.schema.json`). */
export function configJsonSchema(): { [key: string]: unknown } {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' });
  return {
    ...schema,
    title: 'eks-telemetry',
    description: 'One account’s config of eks-telemetry. `eks-telemetry check` checks more than an editor can.',
  };
}

/** The text of the committed file. */
export function configJsonSchemaText(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
}
