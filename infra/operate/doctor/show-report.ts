import { styleText } from 'node:util';
import { findingCatalogue } from '../../../shared/account/finding-catalogue.ts';
import type { AccountFacts, CheckReport, Finding, Unchecked } from '../../../shared/account/findings.ts';
import { plural } from '../../../shared/account/words.ts';

/** The report for people: errors first, what could not be checked, a line that sums up. */
export function showReport({ account, findings, unchecked }: CheckReport): string {
  return [
    ...findings.map(showFinding),
    ...(unchecked.length > 0 ? [['Not checked:', ...unchecked.map(showUnchecked)].join('\n')] : []),
    ...(findings.length === 0 ? [styleText('green', `✓ Nothing is wrong${ofWhom(account)}.`)] : []),
    summary(findings, unchecked),
  ].join('\n\n');
}

function showFinding({ code, severity, is_likely, found, means, to_do, evidence = [] }: Finding): string {
  const isError = severity === 'error';
  const title = `${isError ? '✗' : '!'} ${findingCatalogue[code].title}${is_likely ? ' (likely)' : ''}`;
  return [
    `${styleText([isError ? 'red' : 'yellow', 'bold'], title)} [${code}]`,
    `  Found:  ${found}`,
    ...evidence.map((each) => `          - ${each}`),
    `  Means:  ${means}`,
    `  To do:  ${to_do}`,
  ].join('\n');
}

function showUnchecked({ check, why }: Unchecked): string {
  return `  ? ${check}: ${why}`;
}

function summary(findings: readonly Finding[], unchecked: readonly Unchecked[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return [
    plural(errors, 'error'),
    plural(findings.length - errors, 'warning'),
    `${unchecked.length} not checked`,
  ].join(', ');
}

const logins = { facebook: 'Facebook login', instagram: 'Instagram login' } as const;

/** The account, so that nobody takes the health of another for this one's. */
function ofWhom({ login, ig_user_id: id, username, token_expires_at: end }: AccountFacts): string {
  if (id === undefined || login === undefined) return '';
  const name = username === undefined ? '' : `@${username}, `;
  const until = end === undefined ? '' : `, token until ${end.slice(0, 10)}`;
  return ` with ${name}${id} (${logins[login]}${until})`;
}
