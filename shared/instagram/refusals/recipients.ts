import { type GraphErrorEntry, remedies } from './entry.ts';

const { checkAccess, checkId } = remedies;

const outsideWindow = {
  code: 10,
  name: 'outside_reply_window',
  status: 400,
  cause: "More than 24 hours have passed since the customer's last message.",
  remedy:
    "Meta lets a business write only within 24 hours of the customer's last message. Wait until they write again; conversations with can_reply in GET /api/conversations are open.",
} as const;

/** Added where Meta calls a reply window closed that is open by what the customer wrote. */
export const openWindowRemedy = `By what is stored here this customer wrote within those 24 hours, so something else is more likely. ${checkAccess} ${checkId}`;

const unknownRecipient = {
  name: 'unknown_recipient',
  status: 400,
  cause: 'Nobody has this id for this app. Ids from elsewhere than its webhooks are not taken.',
  remedy: checkId,
} as const;
const unavailable = {
  name: 'recipient_unavailable',
  status: 400,
  cause: 'This person is not available, or receives no messages now.',
  remedy: 'This person cannot receive messages now. Try again after they have written.',
} as const;
const notOwner = {
  name: 'not_thread_owner',
  status: 400,
  cause: 'Another app is in control of the conversation.',
} as const;

/** Whether this person may be written to now, and by this app. */
export const recipients: readonly GraphErrorEntry[] = [
  { ...outsideWindow, subcode: 2534022 },
  // Messenger's numbers for the same; which of them Instagram login answers is not documented.
  { ...outsideWindow, subcode: 2018278 },
  { ...outsideWindow, subcode: 2018065 },
  { ...unavailable, code: 10, subcode: 2018108 },
  { ...unavailable, code: 200, subcode: 1545041 },
  { ...unavailable, code: 551 },
  { ...unavailable, code: 551, subcode: 1545041 },
  { ...unknownRecipient, code: 100, subcode: 2018001 },
  { ...unknownRecipient, code: 100, subcode: 2534014 },
  { ...unknownRecipient, code: 9010 },
  {
    code: 100,
    subcode: 2534001,
    name: 'thread_gone',
    status: 400,
    cause: 'The conversation is archived or deleted.',
    remedy: 'The conversation was archived or deleted. It can be answered once the customer writes again.',
  },
  {
    ...notOwner,
    code: 100,
    subcode: 2534037,
    remedy:
      'Another app holds this conversation. Make this app the default in Page settings > Page setup > Instagram Conversation Routing, or wait until it is released.',
  },
  {
    ...notOwner,
    code: 2018300,
    remedy: 'Another app controls this conversation. Wait until it is released, or obtain control.',
  },
  {
    code: 2018321,
    name: 'automation_in_control',
    status: 400,
    retry: 'later',
    cause: "An automated flow of Meta's own is in control of the chat.",
    remedy: "Meta's automated flow is answering this customer. Try again when it has ended.",
  },
  {
    code: 27,
    name: 'routing_missing',
    status: 400,
    cause: 'Control was to be taken, and Conversation Routing is not set up.',
    remedy:
      'Set up Page settings > Page setup > Instagram Conversation Routing before control of a conversation is taken.',
  },
  {
    code: 100,
    subcode: 2018164,
    name: 'wrong_app_id',
    status: 400,
    cause: 'The app to which control was to go is none.',
    remedy: 'The app id is wrong: take it from Instagram Conversation Routing in the Page settings.',
  },
];
