/** `npm run env-example`: writes `.env.example` from the list of settings. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Setting, settings } from '../../shared/runtime/environment.ts';

const intro: Readonly<Record<Setting['group'], string>> = {
  credentials: `Copy this file to .env.local. With none of the first four set, "npm run dev" uses a simulated Meta;
with all of them it talks to Meta.`,
  instagram: 'How Instagram is reached.',
  gateway: 'The gateway.',
  extensions: 'What runs beside it. On AWS read from the environment by a deploy, not from .env.local.',
  local: 'This machine alone.',
};

export function envExample(): string {
  const groups = Object.groupBy(Object.entries<Setting>(settings), ([, setting]) => setting.group);
  return Object.entries(groups)
    .map(([group, entries]) =>
      [comment(intro[group as Setting['group']]), ...entries.map(lines)].join('\n\n'),
    )
    .join('\n\n')
    .concat('\n');
}

function lines([name, setting]: [string, Setting]): string {
  const text = [
    setting.what,
    ...(setting.values ? [`One of: ${setting.values.join(', ')}.`] : []),
    ...(setting.where ? [setting.where] : []),
  ].join('\n');
  return `${comment(text)}\n${setting.default === undefined ? `${name}=` : `# ${name}=${setting.default}`}`;
}

const comment = (text: string) => text.replaceAll(/^/gm, '# ');

if (import.meta.main) {
  const file = resolve(import.meta.dirname, '../../.env.example');
  writeFileSync(file, envExample());
  console.log(`Wrote ${file}`);
}
