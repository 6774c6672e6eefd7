// Bundles the program that reads how full volumes are, and writes its text into collector/volumes/program-text.ts, from where manifests take it.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { volumeProgramModule } from './volume-program.ts';

const root = resolve(import.meta.dirname, '..');
writeFileSync(join(root, 'collector/volumes/program-text.ts'), volumeProgramModule(root));
