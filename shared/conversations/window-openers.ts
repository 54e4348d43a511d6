import type { MessageKind } from '../instagram/message-content.ts';

/** What a customer can do, as far as the reply window is concerned. */
export type CustomerAct = MessageKind | 'edit' | 'reaction' | 'seen' | 'unsend';

export interface WindowOpener {
  /** `unconfirmed`: no source settles it, so the window is said to be unknown rather than open or closed. */
  readonly opens: 'yes' | 'no' | 'unconfirmed';
  readonly source: string;
}

const messagingApi =
  'https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api';
const message = {
  opens: 'yes',
  source: `${messagingApi}: within 24 hours of the customer's message`,
} as const;
const noAct = (source: string) => ({ opens: 'no', source }) as const;
const notSettled = (source: string) => ({ opens: 'unconfirmed', source }) as const;

/** Which of a customer's acts let the business write to them for 24 hours, each with where that is said. */
export const windowOpeners: Readonly<Record<CustomerAct, WindowOpener>> = {
  text: message,
  attachment: message,
  story_reply: message,
  ephemeral: message,
  unsupported: message,
  unreadable: message,
  story_mention: {
    opens: 'yes',
    source:
      'https://developers.facebook.com/documentation/business-messaging/instagram-messaging/features/story-mention',
  },
  postback: {
    opens: 'yes',
    source:
      "Meta's Postman collection for the Instagram API: a click on the persistent menu opens the window",
  },
  referral: notSettled('No page says it of an ig.me link that is followed in an existing conversation'),
  optin: notSettled('Listed for Instagram without a description'),
  reaction: notSettled('No page says it'),
  edit: notSettled('No page says it'),
  unknown: message,
  unknown_event: notSettled('It may be something that this version does not know'),
  seen: noAct('Reading is no message'),
  unsend: noAct('Taking a message back is none'),
  handover: noAct('Apps hand over, not the customer'),
  comment: noAct(
    'https://developers.facebook.com/documentation/instagram-platform/private-replies: a comment allows one private reply',
  ),
  history_start: noAct('A mark of ours'),
};
