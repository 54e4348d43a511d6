import { type FindingCode, findingCatalogue } from '../../../shared/account/finding-catalogue.ts';
import { describeFailure, type ReadingFailure } from '../../../shared/account/graph-reading.ts';
import { refusedTokenCode } from '../../../shared/account/token-trouble.ts';
import { CommandFailed } from '../command.ts';

/** What stops connecting, in the words that the doctor has for it. `found` is what was seen. */
export function problem(code: FindingCode, found: string): CommandFailed {
  const { title, means, remedy } = findingCatalogue[code];
  return new CommandFailed(`${title}: ${found}\n  ${means}\n  ${remedy}`);
}

/** Why Meta did not do what was asked: its refusal of the token, that nobody answered, or its own words. */
export function metaFailure(what: string, failure: ReadingFailure): CommandFailed {
  if (failure.kind !== 'refused') return problem('meta_unreachable', failure.why);
  const { code, error_subcode: subcode } = failure.details;
  if (code === tokenRefused) return problem(refusedTokenCode(subcode), describeFailure(failure));
  return new CommandFailed(`${what} failed. ${describeFailure(failure)}`);
}

const tokenRefused = 190;
