import { GraphError, invalidParameter } from './graph-errors.ts';

/** Why a token is refused, by the subcode of 190. Whoever gets one has to log in again. */
const reasons: ReadonlyMap<number, string> = new Map([
  [458, 'The user has not authorized application.'],
  [459, 'The user is enrolled in a blocking, logged-in checkpoint'],
  [460, 'The session has been invalidated because the user changed their password'],
  [461, 'The session is invalid'],
  [463, 'Session has expired'],
  [464, 'Sessions for the user are not allowed because the user is not a confirmed user.'],
  [467, 'The session is invalid because the user logged out.'],
]);

export const expired = 463;

/** https://developers.facebook.com/docs/graph-api/guides/error-handling */
export function tokenRefused(subcode: number): GraphError {
  const why = reasons.get(subcode) ?? 'The access token could not be validated';
  return new GraphError(`Error validating access token: ${why}`, 190, subcode);
}

export function unreadableToken(): GraphError {
  return new GraphError('Invalid OAuth access token - Cannot parse access token', 190);
}

/** Meta documents no answer for it; the code is that of every unusable token. */
export function tokenOfAnotherApp(): GraphError {
  return new GraphError('Error validating access token: The token belongs to another application', 190);
}

export function wrongKindOfToken(): GraphError {
  return new GraphError('(#190) This method must be called with another kind of Access Token', 190);
}

export function invalidProof(): GraphError {
  return new GraphError('Invalid appsecret_proof provided in the API argument', 100);
}

export function missingProof(): GraphError {
  return new GraphError('API calls from the server require an appsecret_proof argument', 100);
}

export function wrongClientSecret(): GraphError {
  return new GraphError('Error validating client secret.', 1);
}

/** As reported of a long-lived token that was to be exchanged again. */
export function notExchangeable(): GraphError {
  return new GraphError(
    'Session key invalid. This could be because the session key has an incorrect format',
    452,
  );
}

export function notRefreshable(): GraphError {
  return invalidParameter('The access token must be long-lived and at least 24 hours old to be refreshed');
}
