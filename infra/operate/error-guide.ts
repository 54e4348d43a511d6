import { type GraphErrorEntry, graphErrorSubjects } from '../../shared/instagram/graph-error-catalogue.ts';
import type { RetryRule } from '../../shared/instagram/refusals/entry.ts';
import { wrap } from './wrap-markdown.ts';

const intro = `<!-- Written by "npm run docs" from the catalogue of Meta's errors. Edit that, not this file. -->

# Meta's errors

By Meta's own numbers: \`code\`, and \`code/error_subcode\` where Meta gives one. A code without a subcode stands for all its
subcodes that are not listed.

The gateway answers a refused call with the \`code\` and status given here, the remedy in \`error\`, and Meta's own
\`message\`, \`type\`, \`code\`, \`error_subcode\` and \`fbtrace_id\` in \`details\`. What is not listed is \`meta_refused\` (400).
The numbers are from Meta's
[error codes](https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes) and
[error handling](https://developers.facebook.com/docs/graph-api/guides/error-handling); some are known from practice alone.

"Tried again" is said of sends for whose answer nobody waits; others fail, and the same \`Idempotency-Key\` sends them
again. What may have arrived is never sent again: [sending.md](sending.md). \`npm run doctor\` looks for what is behind a
refusal; [troubleshooting.md](troubleshooting.md) and [ids.md](ids.md) say more.
`;

const titles: Readonly<Record<keyof typeof graphErrorSubjects, string>> = {
  recipients: 'Whom one may write to, and when',
  messages: 'The message',
  accounts: 'The account',
  access: "The app's access and permissions",
  tokens: 'The token',
  limits: 'Limits',
  outages: "Meta's bad days",
};

/** docs/errors.md, from the catalogue of Meta's errors. */
export function errorGuide(): string {
  const chapters = Object.entries(titles) as [keyof typeof graphErrorSubjects, string][];
  return [
    intro,
    ...chapters.flatMap(([subject, title]) => [`## ${title}\n`, ...graphErrorSubjects[subject].map(show)]),
  ].join('\n');
}

function show(entry: GraphErrorEntry): string {
  const { name, status, cause, remedy } = entry;
  const points = [`What it means: ${cause}`, `What to do: ${remedy}`].map((text) => wrap(`- ${text}`, '  '));
  return `### ${numberOf(entry)} \`${name}\`\n\n${wrap(`${status}. ${fateOf(entry)}`)}\n\n${points.join('\n')}\n`;
}

/** As headings name it: `10/2534022`, `200 to 299`. */
export function numberOf({
  code,
  subcode,
  upToCode,
}: Pick<GraphErrorEntry, 'code' | 'subcode' | 'upToCode'>): string {
  return `${code}${subcode === undefined ? '' : `/${subcode}`}${upToCode === undefined ? '' : ` to ${upToCode}`}`;
}

const fates: Readonly<Record<RetryRule | 'never', string>> = {
  never: 'Not sent, and not tried again.',
  later: 'Not sent. Tried again until its time is up.',
  few_times: 'Not sent. Tried again twice at most.',
  new_token: 'Not sent. What waits is kept, for a day at most, until another token is stored.',
  block_ends: 'Not sent. What waits is kept, for a day at most, until the block should have ended.',
};

function fateOf({ mayHaveArrived, retry }: GraphErrorEntry): string {
  return mayHaveArrived ? 'The message may have arrived: the send is `unknown`.' : fates[retry ?? 'never'];
}
