import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import {
  type AppUserRequestKind,
  appUserRequests,
  confirmationCode,
  isConfirmationCode,
} from '../../shared/account/app-user-requests.ts';
import { observeBriefly } from '../../shared/account/observe-briefly.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { json, success } from '../../shared/runtime/http/answers.ts';
import { byRoute } from '../../shared/runtime/http/by-route.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { publicHandler } from '../../shared/runtime/http/public-handler.ts';
import { isHttps } from '../../shared/runtime/http/session-cookie.ts';
import { log } from '../../shared/runtime/log.ts';
import { statusPage } from './status-page.ts';
import { verifyRequest } from './verify-request.ts';

/**
 * Meta's callbacks about users of the app: verified, recorded, told to the owner. They erase nothing: whom they name is
 * the business that logged in, not a customer. MP §11.3, §11.4
 */
export const handler = byRoute({
  'POST /api/data-deletion': publicHandler(async (event) => {
    const code = await record(event, 'data_deletion');
    // Meta's own form of an answer: these two members and no other.
    return json(200, { url: `${originOf(event)}/api/data-deletion/${code}`, confirmation_code: code });
  }),
  'POST /api/deauthorize': publicHandler(async (event) => {
    await record(event, 'deauthorize');
    return success({});
  }),
  'GET /api/data-deletion/{code}': publicHandler(async ({ pathParameters }) => {
    const code = pathParameters?.code ?? '';
    const found = isConfirmationCode(code) ? await requests().find(code) : undefined;
    if (!found) throw new HttpError(404, 'unknown_code', 'There is no request with this confirmation code.');
    return statusPage(code, found);
  }),
});

const requests = () => appUserRequests(dynamodb(), required('TABLE_NAME'));

/** @returns the confirmation code. */
async function record(event: APIGatewayProxyEventV2, kind: AppUserRequestKind): Promise<string> {
  const { signedRequest, userId, secretPlace } = await verifyRequest(event);
  const receivedAtMs = event.requestContext.timeEpoch;
  const code = confirmationCode(kind, signedRequest);
  const isNew = await requests().record(code, { kind, userId, receivedAtMs });
  log.info('a request about a user of the app', { kind, is_new: isNew, secret: secretPlace });
  if (isNew) {
    const name = kind === 'data_deletion' ? 'dataDeletionAtMs' : 'deauthorizedAtMs';
    await observeBriefly({ [name]: receivedAtMs }, name);
  }
  return code;
}

/** Who holds Meta's signature names the host by which it came. */
function originOf(event: APIGatewayProxyEventV2): string {
  return `${isHttps(event) ? 'https' : 'http'}://${event.headers.host ?? event.requestContext.domainName}`;
}
