import {
  type FindingCode,
  type FindingEntry,
  findingCatalogue,
} from '../../shared/account/finding-catalogue.ts';
import { type SeedTrouble, seedTroubles } from './seed-troubles.ts';
import { codesByChapter } from './troubleshooting-subjects.ts';
import { wrap } from './wrap-markdown.ts';

const intro = `<!-- Written by "npm run docs" from the catalogue of findings. Edit that, not this file. -->

# Troubleshooting

Run \`npm run doctor\` first (\`-- --stage default\` for the gateway on AWS). It looks at the settings, the token, the
account, the subscription, the public address and the queues, and names what is wrong by the codes below.
\`GET /api/status\` gives what the hourly check found last.

An **error** means that messages are lost or cannot be sent now; a **warning**, that they will be, or some are.
**Likely** means inferred: Meta tells it by no API, so the doctor shows its evidence, such as Meta's refusals 200/2018028
and 1/99, 10/2534022 while the reply window is open, or silence after a handshake.

## Common errors

Those that this project's first README listed.
`;

/** docs/troubleshooting.md, from the catalogue of findings. */
export function troubleshooting(): string {
  return [
    intro,
    ...seedTroubles.map(showTrouble),
    ...codesByChapter().flatMap(({ title, codes }) => [`## ${title}\n`, ...codes.map(showFinding)]),
  ].join('\n');
}

function showTrouble({ heading, answer, causes }: SeedTrouble): string {
  const links = causes.map((code) => `[\`${code}\`](#${code})`).join(', ');
  return [`### ${heading}`, ...answer.map((text) => wrap(text)), wrap(`Findings: ${links}.`)]
    .join('\n\n')
    .concat('\n');
}

function showFinding(code: FindingCode): string {
  const { severity, isLikely, title, means, remedy }: FindingEntry = findingCatalogue[code];
  const sure = isLikely ? ', likely' : '';
  const points = [`What it means: ${means}`, `What to do: ${remedy}`].map((text) =>
    wrap(`- ${withLinks(text)}`, '  '),
  );
  return `### \`${code}\`\n\n${title} (**${severity}${sure}**).\n\n${points.join('\n')}\n`;
}

/** The catalogue names documents from the root; this one stands among them. */
function withLinks(text: string): string {
  return text.replaceAll(/\bdocs\/([a-z-]+\.md)/g, '[$1]($1)');
}
