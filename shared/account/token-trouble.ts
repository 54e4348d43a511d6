import type { GraphSecret } from '../runtime/secrets.ts';
import type { FindingCode } from './finding-catalogue.ts';
import { describeRefusal, type Reading } from './graph-reading.ts';
import type { AccountReading } from './read-account.ts';
import type { TokenReading } from './read-token.ts';

/** Why a token cannot be used at all, by Meta's words. */
export interface TokenTrouble {
  readonly code: Extract<
    FindingCode,
    | 'token_is_user_token'
    | 'token_expired'
    | 'token_password_changed'
    | 'token_app_removed'
    | 'token_invalid'
    | 'proof_refused'
  >;
  readonly found: string;
}

const codeOfSubcode: ReadonlyMap<number | undefined, TokenTrouble['code']> = new Map([
  [458, 'token_app_removed'],
  [460, 'token_password_changed'],
  [463, 'token_expired'],
]);

/** What Meta's subcode of 190 says. https://developers.facebook.com/docs/graph-api/guides/error-handling */
export function refusedTokenCode(subcode: number | undefined): TokenTrouble['code'] {
  return codeOfSubcode.get(subcode) ?? 'token_invalid';
}

/** Of a token that Meta refuses, or that is not of the kind that the login needs; undefined when it is good. */
export function tokenTrouble(
  login: GraphSecret['login'],
  { facts, pairs }: TokenReading,
  account: Reading<AccountReading>,
): TokenTrouble | undefined {
  const refusal = !account.ok && account.failure.kind === 'refused' ? account.failure.details : undefined;
  if (refusal && (refusal.code === 190 || refusal.code === 102)) {
    const code = refusedTokenCode(refusal.error_subcode);
    return { code, found: describeRefusal(refusal) };
  }
  if (facts && !facts.isValid) {
    const code = refusedTokenCode(facts.error?.subcode);
    return { code, found: facts.error ? describe(facts.error) : 'Meta says that it is not valid.' };
  }
  if (login === 'facebook' && facts && facts.kind !== 'page') {
    return {
      code: 'token_is_user_token',
      found: `Meta says that it is of the kind ${facts.kind || '(none)'}.`,
    };
  }
  if (!refusal) return undefined;
  // A person has none of a Page's fields.
  if (login === 'facebook' && refusal.code === 100 && /node type \(User\)/i.test(refusal.message)) {
    return { code: 'token_is_user_token', found: describeRefusal(refusal) };
  }
  if (refusal.code === 100 && /appsecret_proof/i.test(refusal.message)) {
    return { code: 'proof_refused', found: describeRefusal(refusal) };
  }
  const noToken = pairs.find(({ verdict }) => verdict === 'no_token');
  return noToken && { code: 'token_invalid', found: `Meta knows no such token: ${noToken.why}` };
}

function describe({ code, subcode, message }: { code: number; subcode?: number; message: string }): string {
  return `Meta answered ${code}${subcode ? `/${subcode}` : ''}: ${message}`;
}
