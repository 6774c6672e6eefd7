// Writes config/config.schema.json, which editors use to complete and check a config; a test fails where it is out of date.
import { writeFileSync } from 'node:fs';
import { configJsonSchemaText } from '../lib/config/json-schema.ts';

writeFileSync('config/config.schema.json', configJsonSchemaText());
