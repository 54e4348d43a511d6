import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { maxChallengeLength } from '../../shared/account/notice.ts';
import { isOwnChallenge } from '../../shared/account/own-challenge.ts';
import { equalSecrets } from '../../shared/instagram/signature.ts';
import { type HttpAnswer, text } from '../../shared/runtime/http/answers.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { secrets } from '../../shared/runtime/secrets.ts';
import { reportNotice } from './report-notice.ts';

const challengePattern = /^[\w.~+/=-]{1,256}$/;

/**
 * Answers the handshake that Meta makes when the webhook is set up.
 * https://developers.facebook.com/docs/instagram-platform/webhooks
 */
export async function answerHandshake(event: APIGatewayProxyEventV2): Promise<HttpAnswer> {
  const query = event.queryStringParameters ?? {};
  const parameter = (name: string) => {
    // Some proxies and frameworks turn the dots into underscores.
    const value = query[`hub.${name}`] ?? query[`hub_${name}`];
    if (value) return value;
    throw new HttpError(
      400,
      'missing_parameter',
      `The parameter hub.${name} is missing. This address is for Meta's webhook handshake: hub.mode, hub.verify_token and hub.challenge.`,
      { details: { parameter: `hub.${name}` } },
    );
  };
  const [mode, token, challenge] = [parameter('mode'), parameter('verify_token'), parameter('challenge')];
  if (mode !== 'subscribe') {
    throw new HttpError(400, 'invalid_parameter', 'hub.mode must be "subscribe".', {
      details: { parameter: 'hub.mode' },
    });
  }
  if (!challengePattern.test(challenge)) {
    throw new HttpError(400, 'invalid_parameter', 'hub.challenge is not one that Meta sends.', {
      details: { parameter: 'hub.challenge' },
    });
  }
  const at = event.requestContext.timeEpoch;
  if (!(await isVerifyToken(token))) {
    if (!isOwnChallenge(challenge)) await reportNotice({ notice: 'wrong_verify_token', at });
    throw new HttpError(
      403,
      'wrong_verify_token',
      'The verify token is not the one of this gateway. Type the same one in the App Dashboard as WEBHOOK_VERIFY_TOKEN here.',
    );
  }
  await reportNotice({
    notice: 'handshake_passed',
    at,
    challenge: challenge.slice(0, maxChallengeLength),
  });
  return text(200, challenge);
}

async function isVerifyToken(token: string): Promise<boolean> {
  if (equalSecrets(token, (await secrets.webhook()).verify_token)) return true;
  const current = await secrets.refetchWebhook();
  return current !== undefined && equalSecrets(token, current.verify_token);
}
