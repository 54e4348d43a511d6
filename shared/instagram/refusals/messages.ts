import type { GraphErrorEntry } from './entry.ts';

const refused = (subcode: number | undefined, name: string, cause: string, remedy: string) =>
  ({
    code: 100,
    ...(subcode !== undefined && { subcode }),
    name,
    status: 400,
    cause,
    remedy,
  }) as const satisfies GraphErrorEntry;

/** What is wrong with the message itself. */
export const messages: readonly GraphErrorEntry[] = [
  refused(
    undefined,
    'invalid_parameter',
    'A value is wrong, or an id is unknown. "Unsupported request" for calls that passed before was an outage at Meta.',
    'Meta refused a value: its message in details names it. If it says "not linked" or "not professional", IG_USER_ID or the account type is wrong.',
  ),
  refused(
    33,
    'not_found_at_meta',
    'The object does not exist, may not be seen, or does not support this.',
    "The object does not exist for this token, or a permission is missing. Check the id and the token's app.",
  ),
  {
    ...refused(
      2018008,
      'media_not_fetched',
      'Meta could not fetch the file from its URL.',
      'Meta could not fetch the file: its URL must answer anybody with the file itself, by https, without a login.',
    ),
    retry: 'few_times',
  },
  refused(
    2018014,
    'invalid_message',
    'A message and a sender action stood in one call.',
    'Send the message and the sender action one after the other.',
  ),
  refused(
    2018047,
    'media_type_mismatch',
    'The file is of another type than was said.',
    'The file is not of the type that was given: check its type and the Content-Type of its URL.',
  ),
  refused(
    2018074,
    'unknown_upload',
    'The attachment id does not exist, or belongs to another account.',
    'Meta does not know this attachment id: upload the file again with the same account.',
  ),
  refused(
    2018109,
    'media_too_large',
    'The file is larger than Meta takes.',
    'The file is too large for Instagram: at most 8 MB for an image, 25 MB for anything else.',
  ),
  {
    ...refused(
      2018294,
      'media_not_fetched',
      'The video could not be processed within 75 seconds, or is damaged.',
      'Meta could not process the video in time. Send a shorter or smaller one.',
    ),
    retry: 'few_times',
  },
  refused(
    2534015,
    'invalid_message',
    'The data does not fit the type of message.',
    'Meta does not take this message as it is: its words are in details. Nothing was sent.',
  ),
  refused(
    2534025,
    'comment_unusable',
    'The comment is gone, too old, or answered already; under a live video, the broadcast is over.',
    'A comment can be answered in private once, within seven days, and under a live video while it is broadcast.',
  ),
  refused(
    2534068,
    'several_images_unavailable',
    'Several images in one message are not switched on for this account yet.',
    'Send the images one by one: Meta has not switched on several in one message for this account.',
  ),
  {
    code: -2,
    name: 'media_not_fetched',
    status: 400,
    retry: 'few_times',
    cause: 'Fetching the file took Meta too long.',
    remedy: 'Meta could not fetch the file in time. Put it on a faster server, or send a smaller one.',
  },
  {
    code: 506,
    name: 'duplicate_message',
    status: 400,
    cause: 'The same was sent just before.',
    remedy: 'Meta takes this for a repetition of the message before. Change the text, or leave it.',
  },
  {
    code: 9000001,
    name: 'message_not_readable',
    status: 400,
    cause: 'The message is deleted, or is not among the 20 newest of its conversation.',
    remedy:
      'The message was deleted, or is older than the 20 newest of its conversation, which is all that Meta shows.',
  },
];
