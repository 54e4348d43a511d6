/** `npm run docs`: writes the documents that are made from catalogues. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorGuide } from './error-guide.ts';
import { troubleshooting } from './troubleshooting.ts';

/** By their paths from the root. */
export const generatedDocuments = {
  'docs/errors.md': errorGuide,
  'docs/troubleshooting.md': troubleshooting,
} as const;

if (import.meta.main) {
  for (const [path, content] of Object.entries(generatedDocuments)) {
    const file = resolve(import.meta.dirname, '../..', path);
    writeFileSync(file, content());
    console.log(`Wrote ${file}`);
  }
}
