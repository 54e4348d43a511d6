import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openEnvelope } from '../../../../shared/instagram/webhook-envelope.ts';
import { type InstagramEvent, parseDeliveredItem } from '../../../../shared/instagram/webhook-events.ts';

const folder = new URL('../../../fixtures/webhooks/', import.meta.url);

/** What each delivery is understood as: direction and kind of a message, or the field that is kept raw. */
const understood: Readonly<Record<string, readonly string[]>> = {
  'changes-unknown-field': ['kept weather unaddressed'],
  'comments-with-comment-id': ['kept comments'],
  comments: ['kept comments'],
  'echo-self': ['out text'],
  'echo-template': ['out attachment'],
  'echo-text': ['out text'],
  'echo-unsupported-type-without-mid': ['kept messages'],
  'echo-with-app-id': ['out text +raw'],
  'edit-quoted-number': ['kept message_edit'],
  'edit-zero-without-sender': ['kept message_edit unaddressed'],
  'edit-zero': ['kept message_edit'],
  edit: ['kept message_edit'],
  'envelope-array-wrapped': ['in text'],
  'envelope-bare-change': ['in text'],
  'envelope-batch': ['in text', 'in text', 'out text', 'kept comments'],
  'envelope-changed-fields': ['kept unknown unaddressed'],
  'envelope-changes-dashboard-test': ['in text'],
  'envelope-changes-reaction': ['kept message_reactions'],
  'envelope-changes-seed': ['in text'],
  'envelope-flat-comment': ['kept comments'],
  'envelope-foreign-object': ['foreign'],
  'envelope-messaging-and-standby': ['in text', 'in text standby'],
  'envelope-messaging-dashboard-test': ['in text'],
  'envelope-messaging': ['in text'],
  'envelope-scoped-entry-id': ['kept messaging_postbacks'],
  'envelope-standby': ['in text standby'],
  'handover-app-roles': ['kept messaging_handover unaddressed'],
  'handover-pass-from-idle': ['kept messaging_handover'],
  'handover-pass': ['kept messaging_handover'],
  'handover-request': ['kept messaging_handover'],
  'handover-take': ['kept messaging_handover'],
  'live-comments': ['kept live_comments'],
  mentions: ['kept mentions unaddressed'],
  'message-ad-referral': ['in text'],
  'message-attachments': ['in attachment'],
  'message-audio': ['in attachment'],
  'message-ephemeral': ['in attachment'],
  'message-file': ['in attachment'],
  'message-ig-post': ['in attachment'],
  'message-ig-reel': ['in attachment'],
  'message-ig-story': ['in attachment'],
  'message-inline-reply': ['in text'],
  'message-is-unsupported': ['in unsupported'],
  'message-product-referral': ['in text'],
  'message-quick-reply': ['in text'],
  'message-share-and-ig-post': ['in attachment'],
  'message-share': ['in attachment'],
  'message-story-mention': ['in story_mention'],
  'message-story-reply': ['in story_reply'],
  'message-text-unicode': ['in text'],
  'message-text': ['in text'],
  'message-unknown-attachment': ['in attachment'],
  'message-unknown-key': ['in text +raw'],
  'message-unsend': ['in unsend'],
  'message-unsupported-type': ['in unsupported'],
  'messaging-unknown-kind': ['kept unknown'],
  optin: ['kept messaging_optins'],
  'policy-enforcement': ['kept messaging_policy_enforcement unaddressed'],
  'postback-self': ['kept messaging_postbacks'],
  'postback-with-referral': ['kept messaging_postbacks'],
  postback: ['kept messaging_postbacks'],
  'reaction-other': ['kept message_reactions'],
  reaction: ['kept message_reactions'],
  referral: ['kept messaging_referral'],
  'response-feedback': ['kept response_feedback'],
  seen: ['kept messaging_seen'],
  unreact: ['kept message_reactions'],
};

function understand(file: string): string[] {
  const envelope = openEnvelope(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
  return envelope.kind === 'foreign' ? ['foreign'] : envelope.items.map(parseDeliveredItem).map(inWords);
}

function inWords(event: InstagramEvent): string {
  switch (event.type) {
    case 'message':
      return `${event.direction} ${event.content.kind}${event.standby ? ' standby' : ''}${event.content.raw ? ' +raw' : ''}`;
    case 'unsend':
      return `${event.direction} unsend`;
    case 'other':
      return `kept ${event.field}${event.accountId && event.customerId ? '' : ' unaddressed'}`;
  }
}

test.each(readdirSync(folder).filter((name) => name.endsWith('.json')))('%s', (file) => {
  expect(understand(file)).toEqual(understood[file.replace('.json', '')]);
});
