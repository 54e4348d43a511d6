import { GraphError, invalidParameter, type Login } from './graph-errors.ts';
import type { Readings } from './readings.ts';

/**
 * The refusals of a send, as Meta's table has them.
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes
 */
export const sendErrors = {
  noMatchingUser: () => invalidParameter('No matching Instagram user found', 2534014),
  outsideWindow: (subcode: Readings['windowSubcode']) =>
    new GraphError('(#10) This message is sent outside of allowed window.', 10, subcode),
  notThreadOwner: (reading: Readings['notOwner']) =>
    reading === 2018300
      ? new GraphError('(#2018300) Another app is controlling this thread now.', 2018300)
      : invalidParameter("The action is invalid since it's not the thread owner.", reading),
  wrongAppId: () => invalidParameter('The app ID in thread_control is not valid', 2018164),
  noRouting: () => new GraphError('(#27) Taking control needs Conversation Routing', 27),
  blockedByPerson: () => new GraphError('(#2) Service temporarily unavailable', 2),
  noMessageAccess: () =>
    new GraphError('(#200) The owner of the account does not allow access to messages.', 200, 2534041, {
      userTitle: 'Message access is off',
      userMessage: 'Allow access to messages in the settings of the Instagram app.',
    }),
  noRole: (reading: Readings['standardAccessRefusal']) => {
    if (reading === '1/99') return new GraphError('An unknown error has occurred.', 1, 99);
    if (reading === '10/2534022') return sendErrors.outsideWindow(2534022);
    const why = 'Cannot message users who are not admins, developers or testers of the app.';
    return new GraphError(`(#200) ${why}`, 200);
  },
  appNotLive: () =>
    new GraphError('(#200) The app is not live, or its messaging permission is not reviewed.', 200, 2018028),
  businessBlocked: () => invalidParameter('The business cannot use the Instagram messaging API.', 2534029),
  blockedForPolicy: () => new GraphError('(#368) The action attempted has been deemed abusive.', 368),
  pageNotLinked: () => invalidParameter('The Page is not linked to an Instagram account.', 2534013),
  /** Meta's table has no row of its own for it: the subcode is that of the missing link. */
  notProfessional: (login: Login) =>
    invalidParameter(
      'The Instagram account is not a professional account.',
      login === 'facebook' ? 2534013 : undefined,
    ),
  commentUnusable: () => invalidParameter('The comment cannot be answered in private.', 2534025),
  messageAndAction: () => invalidParameter('A message and a sender action cannot go together.', 2018014),
  invalidData: (why: string) => invalidParameter(why, 2534015),
  unknownUpload: () =>
    invalidParameter('The attachment ID is not valid or not owned by this account.', 2018074),
  noMultiImage: () => invalidParameter('Several images in one message are not available yet.', 2534068),
  mediaUnreachable: () => invalidParameter('The media could not be fetched from its URL.', 2018008),
  mediaMismatch: () => invalidParameter('Uploading failed: the file does not match its type.', 2018047),
  mediaTooBig: () => invalidParameter('The attachment exceeds the size limit.', 2018109),
  videoTimedOut: () => invalidParameter('The video timed out or is corrupt.', 2018294),
  rateLimited: () =>
    new GraphError('(#613) Calls to this API have exceeded the rate limit.', 613, 2534040, {
      isTransient: true,
    }),
} as const;

export function appRateLimited(): GraphError {
  return new GraphError('(#4) Application request limit reached', 4, undefined, { isTransient: true });
}

export function userRateLimited(): GraphError {
  return new GraphError('(#17) User request limit reached', 17, undefined, { isTransient: true });
}
