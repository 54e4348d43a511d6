import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ExtensionValues } from '../../infra/extension-settings.ts';
import { synthesise } from '../../infra/local/synthesise.ts';

interface TemplateFile {
  readonly Resources: Record<string, { Metadata?: Record<string, unknown> }>;
}

/** The product's template with other code, from a folder with an `index.mjs`, in the place of one function's. */
export async function templateWithCode(
  extensions: ExtensionValues,
  name: string,
  code: string,
  into: string,
): Promise<string> {
  const original = await synthesise(extensions);
  const template = JSON.parse(readFileSync(original, 'utf8')) as TemplateFile;
  for (const { Metadata } of Object.values(template.Resources)) {
    const path = Metadata?.['aws:asset:path'];
    if (!Metadata || typeof path !== 'string') continue;
    const folder = resolve(dirname(original), path);
    Metadata['aws:asset:path'] = basename(folder) === name ? code : folder;
  }
  const file = join(into, 'other.template.json');
  writeFileSync(file, JSON.stringify(template));
  return file;
}
