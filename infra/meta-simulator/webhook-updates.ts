import type { Login } from './graph-errors.ts';
import { isRecord } from './graph-request.ts';

/** The fields that an app can subscribe to, by the login that offers them. */
const offeredBy = {
  messages: ['facebook', 'instagram'],
  message_echoes: ['instagram'],
  message_reactions: ['facebook', 'instagram'],
  message_edit: ['facebook', 'instagram'],
  messaging_postbacks: ['facebook', 'instagram'],
  messaging_seen: ['facebook', 'instagram'],
  messaging_referral: ['facebook', 'instagram'],
  messaging_optins: ['instagram'],
  messaging_handover: ['facebook', 'instagram'],
  standby: ['facebook', 'instagram'],
  messaging_policy_enforcement: ['facebook'],
  response_feedback: ['facebook'],
  comments: ['facebook', 'instagram'],
  live_comments: ['facebook', 'instagram'],
  mentions: ['facebook'],
  story_insights: ['facebook'],
} as const satisfies Record<string, readonly Login[]>;

export type WebhookField = keyof typeof offeredBy;

export const webhookFields = Object.keys(offeredBy) as readonly WebhookField[];

/**
 * The fields of a login.
 * https://developers.facebook.com/docs/instagram-platform/webhooks
 */
export function fieldsOf(login: Login): readonly WebhookField[] {
  return webhookFields.filter((field) => offeredBy[field].some((offering) => offering === login));
}

/** Meta's word for one thing that happened: a delivery holds one or more of them. */
export interface Update {
  readonly field: WebhookField;
  /** A messaging item with sender and recipient, or for comments and mentions the value of a change. */
  readonly value: Readonly<Record<string, unknown>>;
}

const ofPosts: readonly WebhookField[] = ['comments', 'live_comments', 'mentions', 'story_insights'];

/** Whether the update speaks of a post rather than of direct messages: then it is always a change. */
export function isOfPosts({ field }: Update): boolean {
  return ofPosts.includes(field);
}

export function isEcho({ value }: Update): boolean {
  return isRecord(value.message) && value.message.is_echo === true;
}
